"""Firms by profile and size: who stands where."""

from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.view import Section, Segment, Stack, StackRow, exhibit
from reports.workshop.view import Key


def build_levels(m: Material) -> Section | None:
    w, every = m.words, m.shown("profile")
    if not every.shares:
        return None
    rows = [_row(m, w.gettext("All firms"), every, is_strong=True)]
    rows += [_row(m, m.name("size", code), cell) for code, cell in m.along("size", "profile")]
    profiles = m.questionnaire.profiles.bins
    heads = (
        w.gettext("Size"),
        w.gettext("Share of firms with each profile"),
        w.gettext("n"),
        *(p.title for p in profiles),
    )
    keys = tuple(Key(f"t{place}", each.title) for place, each in enumerate(profiles))
    stack = Stack(finding(m), heads, tuple(rows), keys, m.source())
    intro = w.gettext("Profiles name a range of the overall readiness. Their thresholds belong to the questionnaire.")
    return Section("levels", w.gettext("How ready firms are"), (intro,), (exhibit(stack),))


def finding(m: Material) -> str:
    """The most common profile, or those that cannot be told apart from it."""
    w, every = m.words, m.shown("profile")
    if not every.shares:
        return ""
    titles = [each.title for each in m.questionnaire.profiles.bins]
    ends = [m.share_ends(share, every) for share in every.shares]
    most = max(range(len(every.shares)), key=lambda place: every.shares[place])
    beside = [place for place in range(len(every.shares)) if ends[place][1] >= ends[most][0]]
    if len(beside) == 1:
        return w.gettext(
            "%(profile)s is the most common profile: %(share)s of firms (%(interval)s)",
            profile=titles[most],
            share=m.per_cent(every.shares[most]),
            interval=m.share_interval(every.shares[most], every),
        )
    return w.gettext("The most common profiles: %(profiles)s", profiles=w.listed([titles[place] for place in beside]))


def _row(m: Material, head: str, cell: Cell, is_strong: bool = False) -> StackRow:
    many = len(m.questionnaire.profiles.bins)
    if not cell.shares:
        return StackRow(head, (), (m.n(cell) if cell.is_shown else m.held_back, *("–",) * many), is_strong)
    shares, segments, start = cell.shares[:many], [], 0
    for tone, share in enumerate(shares):
        length = min(100 - start, round(share))
        if length > 0:
            segments.append(Segment(start, length, tone))
        start += length
    return StackRow(head, tuple(segments), (m.n(cell), *(m.per_cent(share) for share in shares)), is_strong)
