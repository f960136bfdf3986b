import { ChevronRight } from "lucide-react";
import { brief } from "@/lib/logs/clean";
import { anchorOf } from "@/lib/logs/story/addresses";
import type { StoryParticipant } from "@/lib/logs/story/types";
import { barOf, durationWords, shortId } from "@/lib/logs/story/words";
import { momentOf, secondOf } from "@/lib/logs/times";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { ParticipantDetails } from "./participant_details";
import { Section } from "./section";
import { StagesBar } from "./stages_bar";

interface ParticipantsProps {
  participants: readonly StoryParticipant[];
  opened: ReadonlySet<string>;
  onToggle(id: string): void;
}

export function Participants({ participants, opened, onToggle }: ParticipantsProps) {
  return (
    <Section title={`Participants (${participants.length})`} testId="participants">
      {participants.length === 0 && (
        <p className="px-4 pb-5 text-14 text-secondary sm:px-6">Nobody got into this call.</p>
      )}
      <ul className="flex flex-col">
        {participants.map((participant) => (
          <ParticipantItem
            key={participant.id}
            participant={participant}
            isOpen={opened.has(participant.id)}
            onToggle={onToggle}
          />
        ))}
      </ul>
    </Section>
  );
}

interface ParticipantItemProps {
  participant: StoryParticipant;
  isOpen: boolean;
  onToggle(id: string): void;
}

function ParticipantItem({ participant, isOpen, onToggle }: ParticipantItemProps) {
  const { id, stages } = participant;
  const { total } = barOf(stages);
  return (
    <li id={anchorOf(id)} className="scroll-mt-2 border-line border-t">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => onToggle(id)}
        className="story-row w-full px-4 py-3 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2 sm:px-6"
      >
        <Icon
          icon={ChevronRight}
          className={classes("-ml-1 text-faint transition-transform", isOpen && "rotate-90")}
        />
        <span className="mono truncate text-14">{brief(shortId(id), 40)}</span>
        <span className="truncate text-14 text-secondary">
          <Presence participant={participant} />
        </span>
        <span className="flex min-w-0 items-center gap-3 text-12 text-secondary">
          {total > 0 && (
            <>
              <StagesBar stages={stages} className="min-w-0 flex-1" />
              <span className="w-24 shrink-0 tabular-nums sm:text-right">
                in after {durationWords(total)}
              </span>
            </>
          )}
        </span>
        <span className="truncate text-12 text-secondary">{breaksOf(participant)}</span>
      </button>
      {isOpen && <ParticipantDetails participant={participant} />}
    </li>
  );
}

function Presence({ participant: { joined, left, reason } }: { participant: StoryParticipant }) {
  if (joined === null) return "Did not get in";
  const how = reason === "" || reason === "left" ? "" : ` (${brief(reason, 40)})`;
  return (
    <span title={momentOf(joined)}>
      {secondOf(joined)} to {left === null ? "now" : secondOf(left)}
      {how}
    </span>
  );
}

/** How often the connection broke. */
function breaksOf({ connections }: StoryParticipant): string {
  const lost = connections.filter(({ what }) => what === "lost").length;
  if (lost === 0) return "connection held";
  return `connection lost ${lost === 1 ? "once" : `${lost} times`}`;
}
