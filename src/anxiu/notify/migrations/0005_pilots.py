"""Notices about pilots."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0004_sign_again'),
    ]

    operations = [
        migrations.AlterField(
            model_name='gathered',
            name='kind',
            field=models.CharField(choices=[('receipt', 'receipt'), ('visit_confirmed', 'visit_confirmed'), ('visit_moved', 'visit_moved'), ('departed', 'departed'), ('arrived', 'arrived'), ('suspended', 'suspended'), ('resumed', 'resumed'), ('sign_request', 'sign_request'), ('sign_again', 'sign_again'), ('report_ready', 'report_ready'), ('rating_request', 'rating_request'), ('cancelled', 'cancelled'), ('answered', 'answered'), ('new_order', 'new_order'), ('visit_offered', 'visit_offered'), ('visit_taken_away', 'visit_taken_away'), ('visit_declined', 'visit_declined'), ('question', 'question'), ('warning', 'warning'), ('escalated', 'escalated'), ('nobody_to_call', 'nobody_to_call'), ('hand_over_asked', 'hand_over_asked'), ('hand_over_taken', 'hand_over_taken'), ('hand_over_declined', 'hand_over_declined'), ('low_rating', 'low_rating'), ('plan_waits', 'plan_waits'), ('plan_decided', 'plan_decided'), ('pilot_started', 'pilot_started'), ('pilot_ended', 'pilot_ended'), ('digest', 'digest')], max_length=24),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('receipt', 'receipt'), ('visit_confirmed', 'visit_confirmed'), ('visit_moved', 'visit_moved'), ('departed', 'departed'), ('arrived', 'arrived'), ('suspended', 'suspended'), ('resumed', 'resumed'), ('sign_request', 'sign_request'), ('sign_again', 'sign_again'), ('report_ready', 'report_ready'), ('rating_request', 'rating_request'), ('cancelled', 'cancelled'), ('answered', 'answered'), ('new_order', 'new_order'), ('visit_offered', 'visit_offered'), ('visit_taken_away', 'visit_taken_away'), ('visit_declined', 'visit_declined'), ('question', 'question'), ('warning', 'warning'), ('escalated', 'escalated'), ('nobody_to_call', 'nobody_to_call'), ('hand_over_asked', 'hand_over_asked'), ('hand_over_taken', 'hand_over_taken'), ('hand_over_declined', 'hand_over_declined'), ('low_rating', 'low_rating'), ('plan_waits', 'plan_waits'), ('plan_decided', 'plan_decided'), ('pilot_started', 'pilot_started'), ('pilot_ended', 'pilot_ended'), ('digest', 'digest')], max_length=24),
        ),
    ]
