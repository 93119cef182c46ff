# The order is written, then somebody else's API is asked, then the transaction ends.
from flask import g
from service import call_elsewhere, create_app


def place_order(pool):
    with pool.session(g.timing) as connection, connection.cursor() as cursor:
        cursor.execute("insert into orders (sku) values ('new') returning id")
        order = cursor.fetchone()[0]
        call_elsewhere()
        return {'order': {'id': order}}


app = create_app(place_order=place_order)
