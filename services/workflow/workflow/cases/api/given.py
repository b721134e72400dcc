"""The dependencies of the cases' routes."""

from typing import Annotated

from linli.photos.forms import FormRoom
from linli.web.given import given
from linli.web.idempotency import Idempotency
from linli.web.waiting_room import WaitingRoom
from workflow.cases.case_photos import CasePhotos
from workflow.cases.desk import Desk
from workflow.cases.measures import Statistics
from workflow.cases.reporters_photos import ReportersPhotos
from workflow.cases.store import CaseStore
from workflow.cases.taken_apart import TakenApart

StoreDep = Annotated[CaseStore, given(CaseStore)]
DeskDep = Annotated[Desk, given(Desk)]
CasePhotosDep = Annotated[CasePhotos, given(CasePhotos)]
ReportersPhotosDep = Annotated[ReportersPhotos, given(ReportersPhotos)]
FormRoomDep = Annotated[FormRoom, given(FormRoom)]
StatisticsDep = Annotated[Statistics, given(Statistics)]
ComparingDep = Annotated[WaitingRoom, given(WaitingRoom)]
"""Where comparisons wait for their turn."""
TakenApartDep = Annotated[TakenApart, given(TakenApart)]
AnswersDep = Annotated[Idempotency, given(Idempotency)]
