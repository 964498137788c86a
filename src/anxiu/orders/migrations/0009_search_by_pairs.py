import django.contrib.postgres.indexes
from django.db import migrations

from anxiu.kernel.search import stored

AT_ONCE = 2000
READ = (
    "select o.id, o.number, o.region_id, r.words, r.product, r.place, r.caller_name, r.caller_phone, m.serial, c.name"
    " from orders_order o left join orders_request r on r.order_id = o.id"
    " left join equipment_machine m on m.id = o.machine_id left join customers_customer c on c.id = o.customer_id"
    " where o.id > %s order by o.id limit %s"
)


def index_anew(apps, schema_editor):
    """Words of Chinese texts were a dictionary's; they are pairs of characters now, and the region is one of them."""
    last = 0
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute(READ, [last, AT_ONCE])
            rows = cursor.fetchall()
            if not rows:
                return
            found = []
            for key, number, region, words, product, place, caller, phone, serial, customer in rows:
                texts = [each or "" for each in (words, product, place, customer, caller)]
                codes = [each or "" for each in (number, phone, serial)]
                found.append((stored(texts=texts, codes=codes, region_id=region), key))
            cursor.executemany("update orders_order set search = to_tsvector('simple', %s) where id = %s", found)
            last = rows[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_search_without_pending_list'),
        ('equipment', '0002_search_without_pending_list'),
        ('orders', '0008_triage'),
    ]

    operations = [
        migrations.RemoveIndex(model_name='order', name='order_search'),
        migrations.RunPython(index_anew, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name='order',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['search'], name='order_search'),
        ),
    ]
