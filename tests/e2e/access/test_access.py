"""Who may do what, as a table: every route of the services, every role, one's own case, another's and none.

A small letter is for who shows the submission's tracking code and for nobody else of that role.

The table is written by hand and not taken from `linli.principals`: a change there must be meant twice.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from tests.support.issuer import AUDIENCE, TokenIssuer
from tests.support.keys import bearer, key_for, party_key
from tests.support.servers import Servers
from tests.support.services import until
from tests.support.system import SERVICES, System, system_on

ROLES = {"R": "resident", "P": "party", "O": "operator", "A": "auditor", "S": "service"}
ADMITTED = {
    "intake": """
        R P O A S  GET  /healthz
        R P O A S  GET  /readyz
        R P O A S  GET  /metrics
        R P O . S  POST /v1/submissions
        . . O . S  POST /v1/submissions:batch
        R P O . S  POST /v1/submissions:similar
        . . O A .  GET  /v1/submissions/{submission_id}
        r p O . s  POST /v1/submissions/{submission_id}:withdraw
        r p O . s  POST /v1/submissions/{submission_id}:thin
        R P O . S  POST /v1/subscriptions
        R P O . S  GET  /v1/subscriptions/{code}
        R P O . S  PUT  /v1/subscriptions/{code}
        R P O . S  POST /v1/subscriptions/{code}:confirm
        R P O . S  DELETE /v1/subscriptions/{code}
        r p O . s  POST /v1/submissions/{submission_id}/attachments
        r p O A s  GET  /v1/submissions/{submission_id}/attachments
        r p O A s  GET  /v1/submissions/{submission_id}/attachments/{attachment_id}
        . . O . .  POST /v1/submissions/{submission_id}:contact
        . . O . .  POST /v1/residents:find
        . . O . .  POST /v1/residents:export
        . . O . .  POST /v1/residents:erase
        . . O A .  GET  /v1/erasures
        . . O A .  GET  /v1/retention
        . . . . S  POST /internal/v1/contacts
        . . O A .  GET  /v1/keys
        . P O A .  GET  /v1/whoami
        . . . . S  GET  /internal/v1/photos
        . . . . S  GET  /internal/v1/photos/{submission_id}/{attachment_id}
        . . O A .  GET  /v1/audit
        . . O A .  GET  /v1/parked
        . . O . .  POST /v1/parked:replay
        . . O . .  POST /v1/parked/{id}:replay
        . . O . .  POST /v1/parked/{id}:discard
        . . O A .  GET  /v1/traces/{subject}
    """,
    "workflow": """
        R P O A S  GET  /healthz
        R P O A S  GET  /readyz
        R P O A S  GET  /metrics
        . P O A .  GET  /v1/cases
        . P O A .  POST /v1/cases:count
        . . O . .  POST /v1/cases:lookup
        . . O . .  POST /v1/cases:relatives
        . P O A .  GET  /v1/case-counts
        . P O A .  GET  /v1/cases/{id}
        . P O A .  GET  /v1/cases/{id}/routing
        . P O A .  GET  /v1/cases/{id}/repeats
        . P O . .  POST /v1/cases/{id}:accept
        . P O . .  POST /v1/cases/{id}:return
        . P O . .  POST /v1/cases/{id}:send_back
        . P O . .  POST /v1/cases/{id}:progress
        . P O . .  POST /v1/cases/{id}:resolve
        . P O . .  POST /v1/cases/{id}:close
        . P O . .  POST /v1/cases/{id}:reopen
        . P O . .  POST /v1/cases/{id}:reassign
        . P O . .  POST /v1/cases/{id}:pause
        . P O . .  POST /v1/cases/{id}:resume
        . P O . .  POST /v1/cases/{id}:note
        . P O . .  POST /v1/cases/{id}:follow_up
        . P O . .  POST /v1/cases/{id}:correct
        . P O . .  POST /v1/cases/{id}/evidence
        . P O A .  GET  /v1/cases/{id}/evidence
        . P O A .  GET  /v1/cases/{id}/evidence/{photo}
        . P O A .  GET  /v1/cases/{id}/photos
        . P O A .  GET  /v1/cases/{id}/photos/{n}
        . P O . .  POST /v1/cases/{id}:merge
        . P O . .  POST /v1/cases/{id}:unmerge
        . P O . .  POST /v1/cases/{id}:split
        . P O . .  POST /v1/cases/{id}/mediation
        . P O A .  GET  /v1/cases/{id}/mediation
        . P . . .  GET  /v1/cases/{id}/mediation/statements
        . P O . .  POST /v1/cases/{id}/mediation:appoint
        . P O . .  POST /v1/cases/{id}/mediation:let_go
        . P O . .  POST /v1/cases/{id}/mediation:concern
        . P O . .  POST /v1/cases/{id}/mediation:call
        . P O . .  POST /v1/cases/{id}/mediation:cancel
        . P O . .  POST /v1/cases/{id}/mediation:hold
        . P O . .  POST /v1/cases/{id}/mediation:state
        . P O . .  POST /v1/cases/{id}/mediation:draft
        . P O . .  POST /v1/cases/{id}/mediation:sign
        . P O . .  POST /v1/cases/{id}/mediation:court
        . P O . .  POST /v1/cases/{id}/mediation:visit
        . P O . .  POST /v1/cases/{id}/mediation:escalate
        . P O A .  GET  /v1/mediation-figures
        . P O . .  POST /v1/mediators
        . P O A .  GET  /v1/mediators
        . P O . .  POST /v1/mediators/{mediator}:remove
        R P O . S  GET  /v1/mediation/{code}
        R P O . S  GET  /v1/mediation/{code}/statements
        R P O . S  POST /v1/mediation/{code}/statements
        R P O . S  POST /v1/mediation/{code}:sign
        R P O . S  POST /v1/mediation/{code}:decline
        R P O A S  GET  /v1/track/{code}
        R P O A S  GET  /v1/track/{code}/evidence
        R P O A S  GET  /v1/track/{code}/evidence/{photo}
        R P O . S  POST /v1/track/{code}/words
        R P O A S  GET  /v1/track/{code}/follow-up
        R P O . S  POST /v1/track/{code}/follow-up
        . P O A .  GET  /v1/communities
        . P O A .  GET  /v1/communities/{id}
        . P O A .  GET  /v1/communities/{id}/versions
        . . O . .  PUT  /v1/communities/{id}
        . . O . .  POST /v1/communities/{id}:retire
        . . O . .  POST /v1/communities/{id}:unretire
        . . O A .  POST /v1/policies:try
        . . O A .  POST /v1/rules:try
        . . O A .  GET  /v1/stats
        . . O . .  POST /v1/partners
        . . O A .  GET  /v1/partners
        . . O A .  GET  /v1/partners/{community}/{party}
        . . O A .  GET  /v1/partners/{community}/{party}/trials
        . . O . .  POST /v1/partners/{community}/{party}:pause
        . . O . .  POST /v1/partners/{community}/{party}:resume
        . . O . .  POST /v1/partners/{community}/{party}:rotate
        . . O . .  POST /v1/partners/{community}/{party}:revoke
        . . O . .  POST /v1/partners/{community}/{party}:try
        . . O . .  GET  /v1/partners/{community}/{party}/credentials
        . . . . S  GET  /internal/v1/partner-access
        . . . . S  POST /internal/v1/partner-access/{community}/{party}:applied
        . P O A .  GET  /v1/orders
        . P O A .  GET  /v1/orders/{id}
        . P . . .  GET  /v1/orders/{id}/contact
        . P . . .  POST /v1/orders/{id}/photos
        R P O . S  POST /v1/order-photos/{token}
        . P . . .  POST /v1/updates
        R P O A S  GET  /v1/services
        R P O A S  GET  /v1/services/{community}
        R P O A S  POST /v1/services/{community}:suggest
        R P O A S  GET  /v1/neighbourhoods/{community}
        R P O A S  GET  /v1/neighbourhoods/{community}/{id}
        R P O A S  GET  /v1/open-data/{community}/{month}
        R P O A S  GET  /v1/open-data/{community}/{month}.csv
        R P O A S  GET  /v1/requests
        R P O A S  GET  /v1/request-steps
        . . . . S  POST /v1/requests/{id}/comments
        R P O A S  GET  /v1/outages
        R P O A S  GET  /v1/outages.ics
        . P O A .  GET  /v1/outages/{community}/{party}/{outage_id}
        . P O . .  POST /v1/outages/reports
        . . O A .  GET  /v1/keys
        . P O A .  GET  /v1/whoami
        . . O . .  POST /v1/keys
        . . O . .  POST /v1/keys/{id}:revoke
        . . O A .  GET  /v1/audit
        . . O A .  GET  /v1/parked
        . . O . .  POST /v1/parked:replay
        . . O . .  POST /v1/parked/{id}:replay
        . . O . .  POST /v1/parked/{id}:discard
        . . O A .  GET  /v1/traces/{subject}
        . . O A .  GET  /v1/retention
        . . . . S  POST /internal/v1/cases:ended
        . . . . S  GET  /internal/v1/keys/{id}
        . . . . S  GET  /internal/v1/partners
        R P O A S  GET  /v1/changes
    """,
    "notify": """
        R P O A S  GET  /healthz
        R P O A S  GET  /readyz
        R P O A S  GET  /metrics
        . . O A .  GET  /v1/deliveries
        . . O A .  GET  /v1/deliveries/{id}
        . . O A .  GET  /v1/delivery-counts
        . . O . .  POST /v1/deliveries/{id}:retry
        . . O . .  POST /v1/deliveries:retry
        . . O . .  POST /v1/addresses:mark
        R P O A S  GET  /v1/letters/{token}
        R P O A S  POST /v1/letters/{token}
        . . O . .  GET  /v1/parties/{community}/{party}/webhook-secret
        . . O . .  POST /v1/parties/{community}/{party}/webhook-secret:rotate
        R P O A S  GET  /v1/stream
        . P . . .  GET  /v1/events
        . P . . .  GET  /v1/endpoint
        . P . . .  GET  /v1/endpoint/tries
        . . O A .  GET  /v1/endpoints/{community}/{party}
        . . O . .  PUT  /v1/endpoints/{community}/{party}
        . . O . .  DELETE /v1/endpoints/{community}/{party}
        . . O . .  POST /v1/endpoints/{community}/{party}/replay
        . . O A .  GET  /v1/endpoints/{community}/{party}/tries
        . . O . .  GET  /v1/endpoints/{community}/{party}/secret
        . . O . .  POST /v1/endpoints/{community}/{party}/secret:rotate
        . . . . S  POST /internal/v1/partner-groups/{community}/{party}
        . . O A .  GET  /v1/partners/{community}/{party}/standing
        . . O A .  GET  /v1/keys
        . P O A .  GET  /v1/whoami
        . . O A .  GET  /v1/audit
        . . O A .  GET  /v1/parked
        . . O . .  POST /v1/parked:replay
        . . O . .  POST /v1/parked/{id}:replay
        . . O . .  POST /v1/parked/{id}:discard
        . . O A .  GET  /v1/traces/{subject}
        . . O A .  GET  /v1/retention
    """,
    "neighbourhood": """
        R P O A S  GET  /healthz
        R P O A S  GET  /readyz
        R P O A S  GET  /metrics
        . P O . .  POST /v1/publicity
        . P O A .  GET  /v1/publicity
        . P O A .  GET  /v1/publicity/{id}
        . P O . .  POST /v1/publicity/{id}:post
        . P O . .  POST /v1/publicity/{id}:miss
        . P O . .  POST /v1/publicity/{id}:change_text
        . P O . .  POST /v1/publicity/{id}:complete
        . P O . .  POST /v1/publicity/{id}:end
        R P O A S  GET  /v1/board
        R P O A S  GET  /v1/board/{id}
        . P O . .  POST /v1/rounds
        . P O A .  GET  /v1/rounds
        R P O A S  GET  /v1/rounds:public
        . P O A .  GET  /v1/rounds/{id}
        R P O A S  GET  /v1/rounds/{id}/public
        . P O A .  GET  /v1/rounds/{id}/reach
        . P O . .  GET  /v1/rounds/{id}/proposals
        . P O . .  POST /v1/rounds/{id}:revise
        . P O . .  POST /v1/rounds/{id}:open
        . P O . .  POST /v1/rounds/{id}:extend
        . P O . .  POST /v1/rounds/{id}:close
        . P O . .  POST /v1/rounds/{id}:settle_cluster
        . P O . .  POST /v1/rounds/{id}:leave_out
        . P O . .  POST /v1/rounds/{id}:summarise
        . P O . .  POST /v1/rounds/{id}:publish
        . P O . .  POST /v1/rounds/{id}/households:invite
        . P O A .  GET  /v1/rounds/{id}/households
        . P O . .  PUT  /v1/rounds/{id}/households/{household}/sheet
        . P O . .  POST /v1/rounds/{id}/households/{household}/sheet:check
        . P O . .  POST /v1/rounds/{id}/households/{household}/sheet:correct
        . P O . .  POST /v1/rounds/{id}/households/{household}/sheet:withdraw
        . P O . .  POST /v1/rounds/{id}/households/{household}:erase
        . P O . .  POST /v1/rounds/{id}/households/{household}:raise
        . P O . .  GET  /v1/rounds/{id}/needs
        . P O . .  POST /v1/rounds/{id}/needs:retry
        . P O A .  GET  /v1/rounds/{id}/households/{household}/photos/{sha256}
        R P O . S  GET  /v1/answers/{code}
        R P O . S  POST /v1/answers/{code}/photos
        R P O . S  GET  /v1/answers/{code}/photos/{sha256}
        R P O . S  POST /v1/answers/{code}
        R P O . S  POST /v1/answers/{code}:withdraw
        . P O . .  POST /v1/registers
        . P O A .  GET  /v1/registers
        . P O A .  GET  /v1/registers/{id}
        . P O A .  GET  /v1/registers/{id}/owners
        . P O . .  POST /v1/registers/{id}:correct
        . P O . .  POST /v1/registers/{id}:freeze
        . P O . .  POST /v1/votes
        . P O A .  GET  /v1/votes
        . P O A .  GET  /v1/votes/{id}
        R P O A S  GET  /v1/votes/public
        R P O A S  GET  /v1/votes/{id}/public
        R P O A S  GET  /v1/lineage/{id}/public
        R P O A S  GET  /v1/votes/{id}/matters
        R P O A S  GET  /v1/votes/{id}/turnout
        R P O A S  GET  /v1/votes/{id}/list
        R P O A S  GET  /v1/votes/{id}/seals
        . P O A .  GET  /v1/votes/{id}/count
        . P O . .  POST /v1/votes/{id}:prepare
        . P O . .  POST /v1/votes/{id}:notice
        . P O . .  POST /v1/votes/{id}:open
        . P O . .  POST /v1/votes/{id}:lodge_proxy
        . P O . .  POST /v1/votes/{id}:revoke_proxy
        . P O . .  POST /v1/votes/{id}:close
        . P O . .  POST /v1/votes/{id}:certify
        . P O . .  POST /v1/votes/{id}:declare
        . P O . .  POST /v1/votes/{id}:publish
        . P O . .  POST /v1/votes/{id}:challenge
        . P O . .  POST /v1/votes/{id}:settle_challenge
        . P O . .  POST /v1/votes/{id}:void
        . P O . .  POST /v1/votes/{id}/ballots:deliver
        . P O . .  POST /v1/votes/{id}/ballots
        . P O . .  GET  /v1/votes/{id}/ballots
        . P O . .  POST /v1/votes/{id}/ballots:spoil
        R P O . S  GET  /v1/ballots/{code}
        R P O . S  POST /v1/ballots/{code}
        . P O . .  POST /v1/taskforces
        . P O A .  GET  /v1/taskforces
        . P O A .  GET  /v1/taskforces/{id}
        R P O A S  GET  /v1/taskforces/{id}/bulletins
        . P O . .  GET  /v1/taskforces/{id}/members
        . P O . .  PUT  /v1/taskforces/{id}/members/{member}
        . P O . .  DELETE /v1/taskforces/{id}/members/{member}
        . P O . .  POST /v1/taskforces/{id}:fill_seat
        . P O . .  POST /v1/taskforces/{id}:vacate_seat
        . P O . .  POST /v1/taskforces/{id}:issue_bulletin
        . P O . .  POST /v1/taskforces/{id}:correct_bulletin
        . P O . .  POST /v1/meetings
        . P O A .  GET  /v1/meetings
        . P O A .  GET  /v1/meetings/{id}
        . P O A .  GET  /v1/meetings/{id}/minutes
        . P O . .  GET  /v1/meetings/{id}/minutes.pdf
        . P O A .  GET  /v1/meetings/{id}/invitation.ics
        . P O . .  POST /v1/meetings/{id}:call
        . P O . .  POST /v1/meetings/{id}:cancel
        . P O . .  POST /v1/meetings/{id}:record_attendance
        . P O . .  POST /v1/meetings/{id}:write_minutes
        . P O . .  POST /v1/meetings/{id}:confirm_minutes
        . P O . .  POST /v1/meetings/{id}:correct_minutes
        . P O . .  POST /v1/actions
        . P O A .  GET  /v1/actions
        . P O A .  GET  /v1/actions/{id}
        . P O . .  POST /v1/actions/{id}:report
        . P O . .  POST /v1/actions/{id}:verify
        . P O . .  POST /v1/actions/{id}:return
        . P O . .  POST /v1/actions/{id}:postpone
        . P O . .  POST /v1/actions/{id}:reassign
        . P O . .  POST /v1/actions/{id}:drop
        . P O . .  POST /v1/deliberations
        . P O A .  GET  /v1/deliberations
        . P O A .  GET  /v1/deliberations/{id}
        . P O . .  GET  /v1/deliberations/{id}/record
        . P O . .  POST /v1/deliberations/{id}/codes:deliver
        R P O . S  GET  /v1/talks/{code}
        R P O . S  POST /v1/talks/{code}:state
        R P O . S  POST /v1/talks/{code}:propose
        R P O . S  POST /v1/talks/{code}:support
        R P O . S  POST /v1/talks/{code}:withdraw_support
        R P O . S  POST /v1/talks/{code}:dissent
        . P O . .  DELETE /v1/deliberations/{id}/households/{household}
        R P O A S  GET  /v1/deliberations/{id}/outcome
        . P O . .  POST /v1/deliberations/{id}:invite
        . P O . .  POST /v1/deliberations/{id}:answer_invitation
        . P O . .  POST /v1/deliberations/{id}:grant_mandate
        . P O . .  POST /v1/deliberations/{id}:revoke_mandate
        . P O . .  POST /v1/deliberations/{id}:open
        . P O . .  POST /v1/deliberations/{id}:record_session
        . P O . .  POST /v1/deliberations/{id}:state
        . P O . .  POST /v1/deliberations/{id}:propose
        . P O . .  POST /v1/deliberations/{id}:support
        . P O . .  POST /v1/deliberations/{id}:withdraw_support
        . P O . .  POST /v1/deliberations/{id}:commit
        . P O . .  POST /v1/deliberations/{id}:withdraw_commitment
        . P O . .  POST /v1/deliberations/{id}:hear_again
        . P O . .  POST /v1/deliberations/{id}:accept_commitment
        . P O . .  POST /v1/deliberations/{id}:decline_commitment
        . P O . .  POST /v1/deliberations/{id}:draft_outcome
        . P O . .  POST /v1/deliberations/{id}:dissent
        . P O . .  POST /v1/deliberations/{id}:withdraw_dissent
        . P O . .  POST /v1/deliberations/{id}:conclude
        . P O . .  POST /v1/deliberations/{id}:publish
        . P O . .  POST /v1/works
        . P O A .  GET  /v1/works
        R P O A S  GET  /v1/works/public
        . P O A .  GET  /v1/works/{id}
        . P O A .  GET  /v1/works/{id}/history
        . P O A .  GET  /v1/works/{id}/defects
        R P O A S  GET  /v1/works/{id}/progress
        . P O . .  POST /v1/works/{id}/photos
        . P O A .  GET  /v1/works/{id}/photos/{sha256}
        . P O . .  POST /v1/works/{id}/representatives
        . P O . .  GET  /v1/works/{id}/representatives
        . P O . .  POST /v1/works/{id}/representatives/{representative}:code
        . P O . .  POST /v1/works/{id}/representatives/{representative}:forget
        . P O . .  POST /v1/works/{id}:announce_progress
        . P O . .  POST /v1/works/{id}:record_round
        . P O . .  POST /v1/works/{id}:notify_hidden_work
        . P O . .  POST /v1/works/{id}:pass_hidden_work
        . P O . .  POST /v1/works/{id}:fail_hidden_work
        . P O . .  POST /v1/works/{id}:cover_hidden_work
        . P O . .  POST /v1/works/{id}:report_defect
        . P O . .  POST /v1/works/{id}:confirm_defect
        . P O . .  POST /v1/works/{id}:dismiss_defect
        . P O . .  POST /v1/works/{id}:order_rectification
        . P O . .  POST /v1/works/{id}:submit_rectification
        . P O . .  POST /v1/works/{id}:verify_rectification
        . P O . .  POST /v1/works/{id}:return_rectification
        . P O . .  POST /v1/works/{id}:complete
        . P O . .  POST /v1/works/{id}:request_acceptance
        . P O . .  POST /v1/works/{id}:convene_acceptance
        . P O . .  POST /v1/works/{id}:sign_acceptance
        . P O . .  POST /v1/works/{id}:hold_gate
        . P O . .  POST /v1/works/{id}:pass_acceptance
        . P O . .  POST /v1/works/{id}:fail_acceptance
        . P O . .  POST /v1/works/{id}:file_acceptance
        . P O . .  POST /v1/works/{id}:revoke_acceptance
        . P O . .  POST /v1/works/{id}:register_lift
        . P O . .  POST /v1/works/{id}:hand_over
        R P O . S  GET  /v1/site/{code}
        R P O . S  POST /v1/site/{code}/photos
        R P O . S  POST /v1/site/{code}:record_round
        R P O . S  POST /v1/site/{code}:report_defect
        R P O . S  POST /v1/site/{code}:say_at_gate
        . P O . .  POST /v1/clearings
        . P O A .  GET  /v1/clearings
        . P O . .  POST /v1/clearings/photos
        . P O A .  GET  /v1/clearings/{id}
        . P O A .  GET  /v1/clearings/{id}/history
        . P O A .  GET  /v1/clearings/{id}/photos/{sha256}
        . P O . .  POST /v1/clearings/{id}:notice
        . P O . .  POST /v1/clearings/{id}:appeal
        . P O . .  POST /v1/clearings/{id}:decide_appeal
        . P O . .  POST /v1/clearings/{id}:clear
        . P O . .  POST /v1/clearings/{id}:check
        . P O . .  POST /v1/plans
        . P O A .  GET  /v1/plans
        . P O A .  GET  /v1/plans/{id}
        . P O A .  GET  /v1/plans/{id}/versions/{n}
        . P O A .  GET  /v1/plans/{id}/versions/{n}:compare
        . P O . .  POST /v1/plans/{id}:take_demands
        . P O . .  POST /v1/plans/{id}:write_item
        . P O . .  POST /v1/plans/{id}:remove_item
        . P O . .  POST /v1/plans/{id}:decline
        . P O . .  POST /v1/plans/{id}:reconsider
        . P O . .  POST /v1/plans/{id}:freeze
        . P O . .  POST /v1/plans/{id}:answer_objection
        . P O . .  POST /v1/plans/{id}:withdraw_objection
        . P O . .  POST /v1/plans/{id}:finalise
        . P O . .  POST /v1/plans/{id}/codes:deliver
        . P O . .  DELETE /v1/plans/{id}/households/{household}
        . P O . .  POST /v1/plans/{id}/objections
        . P O A .  GET  /v1/plans/{id}/objections
        R P O . S  GET  /v1/objections/{code}
        R P O . S  POST /v1/objections/{code}
        R P O . S  POST /v1/objections/{code}/{objection}:withdraw
        R P O A S  GET  /v1/public/plans
        R P O A S  GET  /v1/public/plans/{id}
        R P O A S  GET  /v1/public/plans/{id}/paper
        . P O A .  GET  /v1/covenant-templates
        . P O . .  POST /v1/covenants
        . P O A .  GET  /v1/covenants
        . P O A .  GET  /v1/covenants/{id}
        . P O A .  GET  /v1/covenants/{id}/texts/{digest}
        . P O . .  POST /v1/covenants/{id}:review
        . P O . .  POST /v1/covenants/{id}:draft
        . P O . .  POST /v1/covenants/{id}:open_comments
        . P O . .  POST /v1/covenants/{id}:answer_comment
        . P O . .  POST /v1/covenants/{id}:return
        . P O . .  POST /v1/covenants/{id}:record_assembly
        . P O . .  POST /v1/covenants/{id}:file
        . P O . .  POST /v1/covenants/{id}:put_in_force
        . P O . .  POST /v1/covenants/{id}:sign
        . P O . .  POST /v1/covenants/{id}:withdraw_signature
        . P O . .  POST /v1/covenants/{id}:report_breach
        . P O . .  POST /v1/covenants/{id}:settle_breach
        . P O . .  POST /v1/covenants/{id}/codes:deliver
        . P O . .  DELETE /v1/covenants/{id}/households/{household}
        . P O . .  POST /v1/covenants/{id}/comments
        . P O A .  GET  /v1/covenants/{id}/comments
        R P O . S  GET  /v1/signing/{code}
        R P O . S  POST /v1/signing/{code}/comments
        R P O . S  POST /v1/signing/{code}:sign
        R P O . S  POST /v1/signing/{code}:withdraw
        R P O A S  GET  /v1/public/deliberations
        R P O A S  GET  /v1/public/covenants
        R P O A S  GET  /v1/public/covenants/{id}
        . P O A .  GET  /v1/actions
        . P O . .  POST /v1/actions
        . P O A .  GET  /v1/actions/{id}
        . P O . .  POST /v1/actions/{id}:drop
        . P O . .  POST /v1/actions/{id}:postpone
        . P O . .  POST /v1/actions/{id}:reassign
        . P O . .  POST /v1/actions/{id}:report
        . P O . .  POST /v1/actions/{id}:return
        . P O . .  POST /v1/actions/{id}:verify
        . P O A .  GET  /v1/deliberations
        . P O . .  POST /v1/deliberations
        . P O A .  GET  /v1/deliberations/{id}
        . P O . .  DELETE /v1/deliberations/{id}/households/{household}
        R P O A S  GET  /v1/deliberations/{id}/outcome
        . P O . .  GET  /v1/deliberations/{id}/record
        . P O . .  POST /v1/deliberations/{id}:accept_commitment
        . P O . .  POST /v1/deliberations/{id}:answer_invitation
        . P O . .  POST /v1/deliberations/{id}:commit
        . P O . .  POST /v1/deliberations/{id}:conclude
        . P O . .  POST /v1/deliberations/{id}:decline_commitment
        . P O . .  POST /v1/deliberations/{id}:dissent
        . P O . .  POST /v1/deliberations/{id}:draft_outcome
        . P O . .  POST /v1/deliberations/{id}:grant_mandate
        . P O . .  POST /v1/deliberations/{id}:invite
        . P O . .  POST /v1/deliberations/{id}:open
        . P O . .  POST /v1/deliberations/{id}:propose
        . P O . .  POST /v1/deliberations/{id}:publish
        . P O . .  POST /v1/deliberations/{id}:record_session
        . P O . .  POST /v1/deliberations/{id}:revoke_mandate
        . P O . .  POST /v1/deliberations/{id}:state
        . P O . .  POST /v1/deliberations/{id}:support
        . P O . .  POST /v1/deliberations/{id}:withdraw_commitment
        . P O . .  POST /v1/deliberations/{id}:withdraw_dissent
        . P O . .  POST /v1/deliberations/{id}:withdraw_support
        . P O A .  GET  /v1/lineage/{id}
        . P O A .  GET  /v1/meetings
        . P O . .  POST /v1/meetings
        . P O A .  GET  /v1/meetings/{id}
        . P O A .  GET  /v1/meetings/{id}/invitation.ics
        . P O A .  GET  /v1/meetings/{id}/minutes
        . P O . .  GET  /v1/meetings/{id}/minutes.pdf
        . P O . .  POST /v1/meetings/{id}:call
        . P O . .  POST /v1/meetings/{id}:cancel
        . P O . .  POST /v1/meetings/{id}:confirm_minutes
        . P O . .  POST /v1/meetings/{id}:correct_minutes
        . P O . .  POST /v1/meetings/{id}:record_attendance
        . P O . .  POST /v1/meetings/{id}:write_minutes
        . P O . .  POST /v1/registers:file
        . P O A .  GET  /v1/registers:form
        . P O A .  GET  /v1/taskforces
        . P O . .  POST /v1/taskforces
        . P O A .  GET  /v1/taskforces/{id}
        R P O A S  GET  /v1/taskforces/{id}/bulletins
        . P O . .  GET  /v1/taskforces/{id}/members
        . P O . .  DELETE /v1/taskforces/{id}/members/{member}
        . P O . .  PUT  /v1/taskforces/{id}/members/{member}
        . P O . .  POST /v1/taskforces/{id}:correct_bulletin
        . P O . .  POST /v1/taskforces/{id}:fill_seat
        . P O . .  POST /v1/taskforces/{id}:issue_bulletin
        . P O . .  POST /v1/taskforces/{id}:vacate_seat
        . P O . .  GET  /v1/votes/{id}/ballots.pdf
        . P O . .  POST /v1/votes/{id}/ballots:print
        . P O A .  GET  /v1/votes/{id}/list.pdf
        . P O A .  GET  /v1/votes/{id}/notice
        R P O A S  GET  /v1/votes/{id}/result
        . P O A .  GET  /v1/votes/{id}/sheet
        . . O A .  GET  /v1/keys
        . P O A .  GET  /v1/whoami
        . . O A .  GET  /v1/audit
        . . O A .  GET  /v1/parked
        . . O . .  POST /v1/parked:replay
        . . O . .  POST /v1/parked/{id}:replay
        . . O . .  POST /v1/parked/{id}:discard
        . . O A .  GET  /v1/traces/{subject}
        . . O A .  GET  /v1/retention
    """,
}
ACTIONS = {
    "accept": {},
    "return": {"reason": "不归我们管"},
    "send_back": {},
    "progress": {"message": "在路上"},
    "resolve": {"message": "修好了"},
    "close": {},
    "reopen": {},
    "reassign": {"party": "water-co"},
    "pause": {"waiting_for": "part", "message": "等配件"},
    "resume": {},
    "note": {"message": "内部"},
    "follow_up": {"contacted": True, "solved": True, "satisfied": True},
    "correct": {"reason": "听错了", "place": "东门"},
    "merge": {"into": "none-such"},
    "unmerge": {},
    "split": {"parts": [{"party": "estate", "message": "修灯"}, {"party": "water-co", "message": "修管"}]},
}
CODE = "X-Tracking-Code"
A_DOOR = {
    "intake": "/v1/submissions/none-such/attachments",
    "workflow": "/v1/track/none-such",
    "notify": "/v1/stream?track=none-such",
    "neighbourhood": "/v1/votes/none-such/turnout",
}
NOT_FOR_WHO_HAS_IT = {"send_back", "close", "reopen", "reassign", "follow_up", "merge", "unmerge", "split"}
NOT_FOR_WHO_HAS_IT |= {"correct"}

Headers = dict[str, str]


@pytest.fixture(scope="module")
def issuer() -> Iterator[TokenIssuer]:
    with TokenIssuer() as running:
        yield running


@pytest.fixture(scope="module")
async def system(
    stack: Servers, issuer: TokenIssuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    trusting = {"LINLI_OIDC_ISSUER": issuer.url, "LINLI_OIDC_AUDIENCE": AUDIENCE}
    async with system_on(stack, tmp_path_factory.mktemp("logs"), **trusting) as running:
        await running.load()
        yield running


@pytest.fixture(scope="module", params=["keys", "tokens"])
def how(request: pytest.FixtureRequest) -> str:
    """The way in which staff show who they are."""
    return str(request.param)


@pytest.fixture(scope="module")
async def roles(how: str, system: System, issuer: TokenIssuer) -> dict[str, Headers]:
    """What each role sends, once every service knows its key, or has asked the issuer for its own."""
    staff = ("operator", "auditor", "service")
    by_role: dict[str, Headers] = {"resident": {}}
    if how == "keys":
        by_role["party"] = await party_key(system, "estate")
        by_role |= {role: bearer((await key_for(system, role))["key"]) for role in staff}
    else:
        by_role["party"] = bearer(issuer.token(linli_role="party", linli_party="estate", linli_community="test"))
        by_role |= {role: bearer(issuer.token(linli_role=role)) for role in staff}

    async def known() -> bool:
        """A route that any role may ask, and that looks at nothing but the key before it answers."""
        doors = [f"{system.urls[service]}{path}" for service, path in A_DOOR.items()]
        answers = [await system.resident.get(door, headers=by) for door in doors for by in by_role.values()]
        return not any(answer.status_code == 503 or "not accepted here" in answer.text for answer in answers)

    await until(known)
    return by_role


def rows(service: str) -> dict[tuple[str, str], dict[str, bool]]:
    """Method and path → the roles admitted, and whether a role needs a tracking code."""
    found = {}
    for line in filter(None, map(str.strip, ADMITTED[service].splitlines())):
        *letters, method, path = line.split()
        found[method, path] = {ROLES[letter.upper()]: letter.islower() for letter in letters if letter != "."}
    return found


@pytest.mark.parametrize("service", SERVICES)
async def test_the_table_names_every_route(system: System, service: str) -> None:
    paths = (await system.resident.get(f"{system.urls[service]}/openapi.json")).json()["paths"]
    there = {(method.upper(), path) for path, operations in paths.items() for method in operations}
    assert there == set(rows(service))


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_admits_the_roles_that_it_is_for_and_no_other(
    system: System, roles: dict[str, Headers], how: str, service: str
) -> None:
    wrong = []
    mine, other = [(await system.submit(kind="report", title=title)).json() for title in ("我的", "别人的")]
    codes = {"no code": {}, "its code": {CODE: mine["tracking_code"]}, "another's": {CODE: other["tracking_code"]}}
    if how == "tokens":  # what a code adds is the same, whichever way somebody has shown who they are
        codes = {"no code": {}}
    for (method, path), admitted in rows(service).items():
        url = system.urls[service] + re.sub(r"\{\w+\}", "none-such", path.replace("{submission_id}", mine["id"]))
        for role, headers in roles.items():
            for shown, code in codes.items():
                asked = {"headers": headers | code} | ({} if method == "GET" else {"json": {}})
                answer = await system.resident.request(method, url, **asked)
                opened = role in admitted and (not admitted[role] or shown == "its code")
                expected = None if opened else 401 if role == "resident" else 403
                refused = answer.status_code if answer.status_code in {401, 403} else None
                # Another's code is like one that nobody has: it must not say that the submission is there.
                hidden = answer.status_code == 404 and role in admitted and shown == "another's"
                if (refused != expected and not hidden) or answer.status_code >= 500:
                    wrong.append(f"{role} {method} {path}, {shown}: {answer.status_code} {answer.text[:150]}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("service", SERVICES)
async def test_an_unknown_key_opens_nothing_not_even_what_needs_none(system: System, service: str) -> None:
    for method, path in rows(service):
        if path in {"/healthz", "/readyz", "/metrics"}:
            continue
        url = system.urls[service] + re.sub(r"\{\w+\}", "none-such", path)
        answer = await system.resident.request(method, url, headers=bearer("linli_0000000000_" + "A" * 43), json={})
        assert answer.status_code == 401, (method, path)


async def test_a_party_s_own_case_opens_another_s_is_like_none(system: System, roles: dict[str, Headers]) -> None:
    mine = await _case(system, "电梯坏了", category="facilities.lift")
    other = await _case(system, "停水了")
    asked: list[tuple[str, str, Any]] = [("GET", "", None), ("GET", "/routing", None), ("GET", "/repeats", None)]
    asked += [("GET", "/evidence", None), ("GET", "/photos", None)]
    asked += [("POST", f":{action}", said) for action, said in ACTIONS.items()]
    for method, rest, said in asked:

        async def ask(id: str, method: str = method, rest: str = rest, said: Any = said) -> httpx2.Response:
            headers = roles["party"] | {"If-Match": '"999"'}  # refused after it is known whose case it is
            return await system.resident.request(
                method, f"{system.urls['workflow']}/v1/cases/{id}{rest}", headers=headers, json=said
            )

        own, others, absent = await asyncio.gather(ask(mine), ask(other), ask("none-such"))
        assert (others.status_code, others.json()) == (404, absent.json()), rest
        expected = 200 if method == "GET" else 403 if rest[1:] in NOT_FOR_WHO_HAS_IT else 412
        assert own.status_code == expected, (rest, own.text)


async def _case(system: System, title: str, **said: Any) -> str:
    answer = await system.submit(kind="report", title=title, neighbourhood="east", **said)
    id: str = answer.json()["id"]

    async def dispatched() -> bool:
        case = await system.case(id)
        return case is not None and case["state"] == "dispatched"

    await until(dispatched)
    return id
