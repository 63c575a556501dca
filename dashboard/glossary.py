"""The words of the board, explained to a director in two sentences each. Source text is English."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.language import N_, _


@dataclass(frozen=True)
class Term:
    """A word and what it means; `state`, `direction` or `assurance` names the sign that stands for it elsewhere."""

    word: str
    meaning: str
    state: str = ""
    direction: str = ""
    assurance: str = ""


TERMS = {
    N_("Signal and noise"): (
        Term(N_("Signal"), N_("The figure moved more than its own ordinary variation explains, so something has changed: look for the cause. A square is worse, a triangle is better, a diamond is a change in a KPI without a good side."), direction="worse"),
        Term(N_("Noise"), N_("The figure moved, but no more than it always does. Asking for the reason of such a change finds a story, not a cause.")),
        Term(N_("Limits (XmR)"), N_("The range in which the figure moves while nothing changes: its centre and three sigmas to either side, measured from one period to the next. A point beyond them is a signal.")),
        Term(N_("Limits of a share (p-chart)"), N_("A share of few cases swings more than a share of many, so these limits are wider in periods with few cases. That is why the grey band has steps.")),
        Term(N_("Rules"), N_("Besides a point beyond the limits, two patterns are signals: eight points in a row on one side of the centre, and three of four that lie nearer a limit than the centre. They find slow changes that no single point shows.")),
        Term(N_("Baseline"), N_("The first points of a series, which set its limits; the limits then stay, so that a slow decline cannot move them along. When the process has moved for good, a new baseline begins and the limits step.")),
        Term(N_("Trial limits"), N_("Limits from fewer than twelve points, drawn with dots. They still move with every new point, so take their signals with care.")),
        Term(N_("Signals by chance"), N_("With a hundred KPIs a few cross their limits although nothing has changed. The overview says how many to expect, so that one signal among many is not taken for a crisis.")),
    ),
    N_("Targets"): (
        Term(N_("Will meet it"), N_("All of the ordinary variation lies on the good side of the target. Without a change of the process the target will be met period after period."), assurance="will_pass"),
        Term(N_("Will miss it"), N_("All of the ordinary variation lies on the bad side of the target. Exhortation will not help: the process itself must change."), assurance="will_fail"),
        Term(N_("Hit or miss"), N_("The target lies within the ordinary variation. Whether a period meets it is chance, and neither praise nor blame is due."), assurance="hit_or_miss"),
        Term(N_("No target"), N_("Nobody has promised a figure for this KPI. It is neither met nor missed, and has no colour.")),
    ),
    N_("Precision"): (
        Term(N_("95% interval (Wilson)"), N_("The share of these cases is exact; the interval tells where it might lie had other cases come by the same process. Two figures whose intervals overlap widely are not safely different.")),
        Term(N_("n"), N_("The number of records behind the figure. Below the KPI's minimum no figure is shown, because one case more or less would turn it over.")),
        Term(N_("Like for like"), N_("A period that is not over is compared with as many days of the one before. The change of a percentage is told in percentage points (pp).")),
    ),
    N_("Durations"): (
        Term(N_("Kaplan–Meier, life table"), N_("A way to measure time that counts what is still open for as long as it has waited. The mean of what is finished leaves the slow ones out and looks better than it is.")),
        Term(N_("Median"), N_("Half of the cases take longer, half are done sooner. One extreme case does not move it.")),
        Term(N_("Median not reached"), N_("So many cases are open that half have not finished at any age seen. The mean up to the oldest age stands in for it."), state="restricted"),
    ),
    N_("Why it changed"): (
        Term(N_("Own change and mix"), N_("A ratio changes because its parts change, or because their weights do: more of what was always slow. The two parts add up to the whole change exactly.")),
        Term(N_("Simpson's paradox"), N_("Every part moves one way and the whole the other, because the weights shifted. The page warns: what to look at is the mix.")),
    ),
    N_("States of a figure"): (
        Term(N_("Provisional"), N_("The period is not over, so the figure will still move. It is drawn as a hollow circle and never carries a signal."), state="provisional"),
        Term(N_("Too few cases"), N_("There are fewer records than the KPI's minimum. A dash is shown, not a figure that one case could turn over."), state="too_few"),
        Term(N_("No data"), N_("Nothing was recorded in the period. That is not zero: zero is a figure, this is none."), state="no_data"),
        Term(N_("Not applicable"), N_("The figure has no meaning here, such as a change from zero. Nothing is wrong with the data."), state="not_applicable"),
        Term(N_("Undefined"), N_("The figure cannot be computed, such as a return of flows that never change sign. The components are there and can be looked at."), state="undefined"),
        Term(N_("Ambiguous"), N_("Several rates of return fit the same flows. None is shown, because each would be as right as the others."), state="ambiguous"),
        Term(N_("Stale"), N_("A source of this KPI has not been loaded for longer than agreed. The figure is right for the data there is, but events may be missing."), state="stale"),
        Term(N_("Data warning"), N_("A test that guards this KPI did not pass. The KPI's page names the test and how many rows failed it."), state="data_warning"),
    ),
    N_("Over time"): (
        Term(N_("As reported, as known now"), N_("A frozen week keeps for ever what was said then. Today's figure for the same week can differ, because rows arrived late or were corrected, and the page names them.")),
        Term(N_("Definition changed"), N_("From that day on the KPI is computed by another definition. Figures on both sides of the dotted line are not safely comparable.")),
    ),
}  # fmt: skip


def sections() -> dict[str, list[tuple[Term, str, str]]]:
    """Heading → (term, its word, its meaning), in the active language."""
    return {_(title): [(term, _(term.word), _(term.meaning)) for term in terms] for title, terms in TERMS.items()}
