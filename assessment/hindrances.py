"""What stands in the way of a firm: a few of a fixed list, said at the submission and never scored.

The list is the same for every questionnaire and country, so that they compare. Its kinds follow the challenges of
firms in Table 3 of UNIDO, Absorbing Advanced Digital Production Technologies to Foster Industrialization (2019), and
its introductions to the areas of policy; the sentences, and the kinds whose basis is illustrative, are our own. An id
is never used anew; new ones come last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assessment.errors import N_
from questionnaires.library import Enabler
from questionnaires.schema import Basis

NOTHING = "nothing"
Area = Literal["framework", "demand", "capabilities"]
HindranceId = Literal[
    "funds", "benefit", "linkages", "people", "retraining", "equipment", "time", "access", "networks", "rules",
    "security",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that can stand in the way: the area of policy that answers it, and the enabler of F.I.R.S.T., if any.

    `basis` is published where the source names it under that area.
    """

    text: str
    area: Area
    enabler: Enabler | None
    basis: Basis


HINDRANCES: Mapping[str, Hindrance] = {
    "funds": Hindrance(N_("Money: own funds or credit fall short"), "demand", "funding", "published"),
    "benefit": Hindrance(N_("We cannot tell whether it would pay"), "demand", None, "published"),
    "linkages": Hindrance(N_("Customers or suppliers are not ready to link up"), "demand", "technology", "published"),
    "people": Hindrance(
        N_("People with the skills are hard to find or to keep"), "capabilities", "skills", "published"
    ),
    "retraining": Hindrance(N_("Our own people lack the training for it"), "capabilities", "skills", "published"),
    "equipment": Hindrance(N_("It does not fit the machines we have"), "capabilities", "technology", "published"),
    "time": Hindrance(N_("Daily business leaves nobody time for it"), "capabilities", None, "illustrative"),
    "access": Hindrance(
        N_("Nobody within reach sells, installs or repairs it"), "framework", "technology", "published"
    ),
    "networks": Hindrance(
        N_("Internet or power is too weak, too unreliable or too dear"), "framework", "infrastructure", "published"
    ),
    "rules": Hindrance(
        N_("Rules, standards or permits are missing or unclear"), "framework", "regulation", "published"
    ),
    "security": Hindrance(N_("We fear for our data and secrets"), "framework", "regulation", "illustrative"),
}
NOTHING_TEXT = N_("Nothing: we can take the next step")


def as_number(said: Sequence[str] | None) -> int | None:
    """What statistics keep: a bit for each of the list, None where nothing was said."""
    return None if said is None else sum(1 << place for place, id in enumerate(HINDRANCES) if id in said)
