"""What is counted of disputes and wars in every trajectory, in the order of the kernel."""

from __future__ import annotations

from forecast.outcomes.variables.concept import Concept

FIRST_GREAT_POWER_WAR = "First calendar year of a war with {who} on opposite sides; 0: none."

VIOLENCE = (
    Concept(
        "dispute_count",
        "disputes",
        "militarised disputes",
        "Dyadic dispute onsets within the horizon.",
    ),
    Concept(
        "fatal_dispute_count",
        "disputes",
        "fatal disputes",
        "Disputes with at least one battle death, those that become wars included.",
    ),
    Concept(
        "war_count",
        "wars",
        "interstate wars",
        "Wars that start within the horizon; wars under way at the origin are not counted.",
    ),
    Concept(
        "battle_deaths",
        "persons",
        "battle deaths",
        "Battle deaths of wars and fatal disputes within the horizon; of wars under way at the "
        "origin those still to come. Deaths by nuclear weapons are not among them.",
    ),
    Concept(
        "largest_war_battle_deaths",
        "persons",
        "battle deaths of the largest war",
        "Battle deaths within the horizon of the war with most of them.",
    ),
    Concept(
        "great_power_war_year",
        "calendar year",
        "first great-power war",
        FIRST_GREAT_POWER_WAR.format(who="great powers"),
    ),
    Concept(
        "g3_war_year",
        "calendar year",
        "first war between the three largest powers",
        FIRST_GREAT_POWER_WAR.format(who="two of the United States, China and Russia"),
    ),
    Concept(
        "aggression_count",
        "disputes",
        "aggressions",
        "Disputes in which the initiator wants territory, a policy or a regime changed.",
    ),
    Concept(
        "aggression_success_count",
        "disputes",
        "successful aggressions",
        "Aggressions that reach their aim: by a land grab that holds, a concession, or a war the "
        "initiator wins; not those undone because the initiator complied with sanctions.",
    ),
    Concept(
        "small_state_loss_count",
        "disputes",
        "successful aggressions against small states",
        "Aggressions that reach their aim and whose target was a small state at the origin.",
    ),
)

RESPONSE = (
    Concept(
        "tested_obligation_count",
        "tests",
        "tests of institutions",
        "Times an institution was called on by an attack on a state it covers, or a body of trade "
        "by economic coercion of one.",
    ),
    Concept(
        "answered_obligation_count",
        "tests",
        "answered tests",
        "Tests in which the institution delivered at least half of what was due.",
    ),
    Concept(
        "ally_invocation_count",
        "decisions",
        "allies called to war",
        "Obliged states that had to decide whether to join the target's side of a war.",
    ),
    Concept(
        "ally_honoured_count",
        "decisions",
        "allies that came",
        "Obliged states that joined the target's side at once.",
    ),
    Concept(
        "joiner_count",
        "states",
        "states that joined wars",
        "States that joined either side of a war that started in the run, obliged or not, at the "
        "outbreak, later, or by decision of a body.",
    ),
    Concept(
        "agenda_count",
        "disputes",
        "disputes on an agenda",
        "Disputes that a body of collective security took up.",
    ),
    Concept(
        "sanctions_count",
        "disputes",
        "disputes with sanctions",
        "Disputes in which a body passed sanctions or an equal measure (level 2).",
    ),
    Concept(
        "enforcement_count",
        "wars",
        "wars with enforcement",
        "Wars in which a body decided to enforce peace by arms (level 4).",
    ),
    Concept(
        "peacekeeping_count",
        "wars",
        "wars followed by peacekeepers",
        "Wars after which a body sent peacekeepers between the principals (level 3).",
    ),
    Concept(
        "veto_count",
        "drafts",
        "vetoed drafts",
        "Drafts vetoed, counted once per dispute, body and level.",
    ),
    Concept(
        "compliance_count",
        "disputes",
        "initiators that complied",
        "Disputes in which an initiator under sanctions gave back a grab, let go of a concession, "
        "or ended a war early.",
    ),
)

AFTERMATH = (
    Concept(
        "territory_loss_count",
        "events",
        "losses of territory",
        "Land grabs that held and territory taken by victory in war.",
    ),
    Concept(
        "conquest_count",
        "states",
        "states ended by conquest",
        "States that ceased to exist because they lost a war.",
    ),
    Concept(
        "great_power_dispute_count",
        "disputes",
        "disputes between great powers",
        "Dispute onsets with great powers as initiator and target.",
    ),
    Concept(
        "nuclear_use_count",
        "wars",
        "wars with nuclear use",
        "Wars, those under way at the origin included, in which nuclear weapons are used.",
    ),
    Concept(
        "nuclear_use_year",
        "calendar year",
        "first nuclear use",
        "First calendar year in which nuclear use is booked, that in which its war ends or the "
        "last of the run; 0: none.",
    ),
    Concept(
        "nuclear_deaths",
        "persons",
        "deaths by nuclear weapons",
        "Deaths by nuclear use; not among the battle deaths.",
    ),
)

EXPECTED = (
    Concept(
        "expected_war_count",
        "wars",
        "expected interstate wars",
        "Sum of the war probabilities at every escalation decision: the same mean as war_count "
        "with far less noise.",
    ),
    Concept(
        "expected_great_power_war_count",
        "wars",
        "expected direct great-power wars",
        "Sum of the war probabilities at escalation decisions between two great powers. Wars that "
        "great powers enter as joiners are not in it, so it does not stand for "
        "great_power_war_year.",
    ),
)
