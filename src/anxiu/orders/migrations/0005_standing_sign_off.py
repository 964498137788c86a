"""An order names the sign-off that stands; why another one stands no more is never changed."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect

STANDING = "update orders_order set sign_off_id = s.id from orders_signoff s where s.order_id = orders_order.id"


class Migration(migrations.Migration):
    """Every sign-off there is so far stands."""

    dependencies = [("orders", "0004_sign_again")]
    operations = [
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
        migrations.RunSQL(protect("orders_superseded"), unprotect("orders_superseded")),
    ]
