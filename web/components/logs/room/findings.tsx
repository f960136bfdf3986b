import { CircleCheck, Info, type LucideIcon, OctagonX, TriangleAlert } from "lucide-react";
import { brief, shown } from "@/lib/logs/clean";
import { lineAddress } from "@/lib/logs/story/addresses";
import type { Finding, Severity, Story } from "@/lib/logs/story/types";
import { causeWords, ranked, severityWord, shortId } from "@/lib/logs/story/words";
import { dayOf, momentOf, secondOf } from "@/lib/logs/times";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { Section, TextLink } from "./section";

interface FindingsProps {
  story: Story;
  onParticipant(id: string): void;
}

/** Why the call was not as it should be. */
export function Findings({ story, onParticipant }: FindingsProps) {
  const { findings, live } = story;
  const heading = findings.length === 0 ? "Findings" : `Findings (${findings.length})`;
  return (
    <Section title={heading} testId="findings">
      {findings.length === 0 ? (
        <p className="flex items-center gap-3 px-4 pb-5 text-16 sm:px-6">
          <Icon icon={CircleCheck} className="text-good" />
          {live ? "Nothing wrong was found so far." : "Nothing wrong was found."}
        </p>
      ) : (
        <ul className="flex flex-col">
          {ranked(findings).map((finding) => (
            <FindingItem
              key={`${finding.cause} ${finding.participant} ${finding.instance} ${finding.from}`}
              finding={finding}
              story={story}
              onParticipant={onParticipant}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}

const LOOKS: Readonly<Record<Severity, [LucideIcon, string]>> = {
  error: [OctagonX, "text-danger"],
  warning: [TriangleAlert, "text-warning"],
  note: [Info, "text-accent"],
};
const MOST_LINKS = 3;

function FindingItem({ finding, story, onParticipant }: FindingsProps & { finding: Finding }) {
  const [icon, look] = LOOKS[finding.severity];
  const { participant, sentence, advice } = finding;
  const isKnown = story.participants.some(({ id }) => id === participant);
  return (
    <li
      className="flex gap-3 border-line border-t px-4 py-4 sm:px-6"
      data-testid="finding"
      data-cause={finding.cause}
    >
      <Icon icon={icon} className={look} />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <h3 className="flex flex-wrap items-baseline gap-x-2 text-16 font-semibold">
          {brief(causeWords(finding), 80)}
          <span className={classes("text-12 font-medium", look)}>
            {severityWord(finding.severity)}
          </span>
          <When finding={finding} />
        </h3>
        <p className="text-14 break-words">{shown(sentence, 600)}</p>
        {advice !== "" && (
          <p className="text-14 break-words text-secondary">{shown(advice, 600)}</p>
        )}
        <p className="flex flex-wrap items-center gap-x-4 text-14 empty:hidden">
          {isKnown && (
            <TextLink onClick={() => onParticipant(participant)}>
              {`Participant ${brief(shortId(participant), 40)}`}
            </TextLink>
          )}
          {finding.instance !== "" && (
            <span className="text-secondary">Instance {brief(finding.instance, 60)}</span>
          )}
          <Lines ids={finding.lines} />
        </p>
      </div>
    </li>
  );
}

function When({ finding: { from, to } }: { finding: Finding }) {
  if (from === null) return null;
  const end = to !== null && secondOf(to) !== secondOf(from) ? ` to ${secondOf(to)}` : "";
  return (
    <time
      title={momentOf(from)}
      className="ml-auto text-12 font-normal text-secondary tabular-nums max-sm:ml-0 max-sm:w-full"
    >
      {dayOf(from)} {secondOf(from)}
      {end}
    </time>
  );
}

/** What it was concluded from. */
function Lines({ ids }: { ids: readonly string[] }) {
  const addresses = ids.map(lineAddress).filter((address) => address !== null);
  const first = addresses.slice(0, MOST_LINKS);
  return (
    <>
      {first.map((address, index) => (
        <TextLink key={address} href={address}>
          {first.length === 1 ? "Log line" : `Line ${index + 1}`}
        </TextLink>
      ))}
      {addresses.length > first.length && (
        <span className="text-secondary">and {addresses.length - first.length} more</span>
      )}
    </>
  );
}
