"""The dependencies of the deliveries' routes."""

from typing import Annotated

from linli.storage.clock import ServerClock
from linli.web.given import given
from linli.web.idempotency import Idempotency
from notify.deliveries.address_store import AddressStore
from notify.deliveries.desk import Desk
from notify.deliveries.secret_store import SecretStore
from notify.deliveries.store import DeliveryStore
from notify.notices.communities import Communities

StoreDep = Annotated[DeliveryStore, given(DeliveryStore)]
SecretsDep = Annotated[SecretStore, given(SecretStore)]
AddressesDep = Annotated[AddressStore, given(AddressStore)]
DeskDep = Annotated[Desk, given(Desk)]
CommunitiesDep = Annotated[Communities, given(Communities)]
ClockDep = Annotated[ServerClock, given(ServerClock)]
AnswersDep = Annotated[Idempotency, given(Idempotency)]
