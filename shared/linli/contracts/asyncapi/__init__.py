"""AsyncAPI documents: what is on Kafka and who writes it, for programs that read such documents.

`docs/asyncapi.yaml` has all topics and, with parameters in their addresses, those of a partner; `for_partner` makes the
document of one partner. Both are made from the contracts, so they cannot tell anything else than the code does.
"""

from linli.contracts.asyncapi.documents import Document, for_partner, of_partner, partner_schemas, whole
from linli.contracts.asyncapi.page import page
from linli.contracts.asyncapi.written import in_yaml

__all__ = ["Document", "for_partner", "in_yaml", "of_partner", "page", "partner_schemas", "whole"]
