"""Releases of a programme's statistics: ordered, watched while they are made, looked at, and published.

What is not published is for officers: analysts see that it is there, and nothing of what was found in it.
"""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.database_session import DatabaseSession
from app.dependencies import Now
from app.forms import Sent
from app.programme_doors import OfficerProgramme, StatisticsProgramme
from app.templating import page, public_link, say_to
from assessment import release_units, releases
from assessment.case_states import OFFICER
from assessment.errors import N_
from assessment.programme_access import Membership
from assessment.release_refusals import reasons_stored, would_have_told
from assessment.releases import MADE, MAKING, PUBLISHED, QUEUED, Release

router = APIRouter(prefix="/programmes/{programme}/releases")

STEPS: Mapping[str, str] = {
    "": N_("It waits for its turn."),
    "reading": N_("Reading the assessments of %(wave)s."),
    "protecting": N_("Protecting the cells of %(wave)s: %(done)s of %(all)s."),
    "figures": N_("Working out the figures of %(wave)s."),
    "storing": N_("Storing the cells."),
    "writing": N_("Writing the files."),
}
STATES: Mapping[str, str] = {
    "queued": N_("Ordered"),
    "making": N_("Being made"),
    "made": N_("Made, not published"),
    "refused": N_("Refused"),
    "failed": N_("Failed"),
    "published": N_("Published"),
}


@router.get("")
def list_releases(request: Request, session: DatabaseSession, membership: StatisticsProgramme) -> Response:
    found = releases.list_releases(session, membership.programme.id)
    return page(
        request,
        "releases.html",
        membership=membership,
        programme=membership.programme,
        releases=found,
        states=STATES,
        waves=release_units.waves_of(session, membership.programme.id),
        is_under_way=any(each.state in (QUEUED, MAKING) for each in found),
    )


@router.post("")
def order_release(
    request: Request, session: DatabaseSession, membership: OfficerProgramme, sent: Sent, now: Now
) -> Response:
    waves = [int(wave) for wave in sent.get("wave", ()) if wave.isdecimal() and len(wave) == 4]
    title, user_id = sent.text("title"), membership.user_id
    release = releases.order(session, membership.programme, now, title=title, waves=waves, user_id=user_id)
    return _to(membership, release)


@router.get("/{number}")
def show_release(request: Request, session: DatabaseSession, membership: StatisticsProgramme, number: str) -> Response:
    release = releases.get(session, membership.programme.id, number)
    is_open = release.state == PUBLISHED or membership.has(OFFICER)
    manifest = (release.manifest or {}) if is_open else {}
    told = reasons_stored(release.problem) if is_open else ()
    return page(
        request,
        "release.html",
        membership=membership,
        programme=membership.programme,
        release=release,
        states=STATES,
        step=step_of(request, release),
        would_have_told=would_have_told(release.problem),
        reasons=[say_to(request, message, values) for message, values in told],
        is_under_way=release.state in (QUEUED, MAKING),
        is_readable=is_open and release.state in (MADE, PUBLISHED),
        is_overtaken=release.state == MADE and releases.is_overtaken(session, release),
        cells=manifest.get("cells", {}),
        protection=manifest.get("protection", {}),
        rules=manifest.get("rules", {}),
        link=public_link(request, f"/releases/{release.id}"),
    )


@router.post("/{number}/publish")
def publish_release(
    session: DatabaseSession, membership: OfficerProgramme, number: str, sent: Sent, now: Now
) -> Response:
    release = releases.get(session, membership.programme.id, number)
    releases.publish(session, release, now)
    return _to(membership, release)


def step_of(request: Request, release: Release) -> str:
    """What is being done of a release, in the reader's words."""
    word, wave, done, every = (*release.step.split(), "", "", "", "")[:4]
    return say_to(request, STEPS.get(word, STEPS[""]), {"wave": wave, "done": done, "all": every})


def _to(membership: Membership, release: Release) -> Response:
    return RedirectResponse(f"/programmes/{membership.programme.id}/releases/{release.number}", status_code=303)
