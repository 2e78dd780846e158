"""What the report says of the firm's peers and of support: published figures, and offers with what they could bring."""

from dataclasses import dataclass

from reports.firm.view_parts import Fact, Figure
from reports.firm.view_scores import Track


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One dimension: the firm and its peers. `group` names them where they are others than those of the whole."""

    id: str
    title: str
    depth: int
    track: Track
    own: str
    mean: str
    median: str
    firms: str
    group: str


@dataclass(frozen=True, slots=True)
class PeersSection:
    """The firm beside its peers in a published release. The ring is their mean, the band their middle half."""

    id: str
    title: str
    intro: tuple[str, ...]
    figure: Figure
    heads: tuple[str, ...]  # dimension, this firm, mean, median, firms
    ticks: tuple[str, ...]
    rows: tuple[PeerRow, ...]
    legend: tuple[Fact, ...]  # label is today | target | band
    link: str
    link_text: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    title: str
    who: str
    actions: str
    money: str
    days: str  # until when, and when it was checked
    link: str
    note: str  # how the firm comes by it


@dataclass(frozen=True, slots=True)
class OffersTable:
    """Offers for the actions of the plan, each once."""

    title: str
    intro: str
    heads: tuple[str, ...]  # support, actions, at most, days
    rows: tuple[OfferRow, ...]
    source: str
