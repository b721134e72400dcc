"""Reads your orders, says that each is accepted and done, and prints the receipts. 读取工单，回报签收与办结，打印回执。

    python sample.py            only orders for trying 只处理试单
    python sample.py --real     your real ones 真实工单

An invitation to talks it only prints: a person answers that. 议事邀请只打印，由人答复。
It ends once an order was done and answered; with --forever it goes on. Replace `deal_with` with what your company does.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Consumer, Producer

HERE = Path(__file__).parent
lines = (HERE / "client.properties").read_text(encoding="utf-8").splitlines()
given = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
kind = "topic" if "--real" in sys.argv else "sandbox"
ORDERS, RECEIPTS, UPDATES = (given[f"linli.{kind}.{name}"] for name in ("orders", "receipts", "updates"))

login = {
    "bootstrap.servers": given["bootstrap.servers"],
    "security.protocol": given["security.protocol"],
    "ssl.ca.location": str(HERE / given["ssl.truststore.location"]),
    "sasl.mechanism": given["sasl.mechanism"],
    "sasl.username": given["linli.username"],
    "sasl.password": (HERE / "secret").read_text().strip(),
}
consumer = Consumer(
    login
    | {
        "group.id": given["group.id"],  # it must begin so; the rest of the name is yours
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,  # a record counts as read only once it was dealt with
    }
)
producer = Producer(login | {"enable.idempotence": True})


def say(order, did, **said):
    """Send an update. The same update_id may be sent again: it takes effect once."""
    update = {
        "update_id": f"{order['order_id']}-{order['dispatch_no']}-{did}".replace("~", ".")[:100],
        "order_id": order["order_id"],
        "dispatch_no": order["dispatch_no"],
        "occurred_at": datetime.now(UTC).isoformat(),
        "did": did,
        **said,
    }
    producer.produce(UPDATES, json.dumps(update, ensure_ascii=False).encode(), key=order["order_id"])
    producer.flush()


def deal_with(type, order):
    """Here your own program begins."""
    if order.get("invites_to"):
        return  # an invitation to talks: a person decides whether you come, and what you promise
    if type in ("linli.order.issued.v1", "linli.order.reopened.v1"):
        say(order, "accepted")
        say(order, "done", message="已处理完毕。")


consumer.subscribe([ORDERS, RECEIPTS])
done = set()
try:
    while True:
        record = consumer.poll(1.0)
        if record is None:
            continue
        if record.error():
            sys.exit(f"{record.error()}")  # such as no right to a topic: it does not go away by itself
        data = json.loads(record.value())
        type = dict(record.headers() or [])["ce_type"].decode()
        if record.topic() == ORDERS:
            print("order  ", type, data["order_id"], data.get("title", ""), flush=True)
            deal_with(type, data)
        else:
            print("receipt", data["outcome"], data.get("order_id"), data["text_zh"], flush=True)
            if data.get("case_state") == "resolved":
                done.add(data["order_id"])
        consumer.commit(message=record, asynchronous=False)
        if done and "--forever" not in sys.argv:
            break
finally:
    consumer.close()
