import { brief, shown } from "@/lib/logs/clean";
import { lineAddress, traceAddress } from "@/lib/logs/story/addresses";
import type { StoryFailure } from "@/lib/logs/story/types";
import { shortId } from "@/lib/logs/story/words";
import { momentOf, secondOf } from "@/lib/logs/times";
import { Section, TextLink } from "./section";
import { ShortId } from "./short_id";

interface FailuresProps {
  failures: readonly StoryFailure[];
  onParticipant(id: string): void;
}

/** Every error of the call, in its own words. */
export function Failures({ failures, onParticipant }: FailuresProps) {
  if (failures.length === 0) return null;
  return (
    <Section title={`Errors (${failures.length})`} testId="failures">
      <ul className="flex flex-col">
        {failures.map((failure, index) => (
          <FailureItem
            // biome-ignore lint/suspicious/noArrayIndexKey: a line may tell of two, without an id
            key={`${failure.line} ${index}`}
            failure={failure}
            onParticipant={onParticipant}
          />
        ))}
      </ul>
    </Section>
  );
}

interface FailureItemProps {
  failure: StoryFailure;
  onParticipant(id: string): void;
}

function FailureItem({ failure, onParticipant }: FailureItemProps) {
  const { at, event, service, participant, code, message, errorId, trace } = failure;
  const line = lineAddress(failure.line);
  const where = [code, event, service].filter(Boolean).map((word) => brief(word, 60));
  return (
    <li className="flex flex-col gap-1 border-line border-t px-4 py-3 sm:flex-row sm:gap-4 sm:px-6">
      <time
        title={at === null ? "" : momentOf(at)}
        className="mono w-20 shrink-0 text-12 leading-5 text-secondary"
      >
        {at === null ? "–" : secondOf(at)}
      </time>
      <div className="min-w-0 flex-1">
        <p className="text-14 break-words">{shown(message, 600) || "No further details."}</p>
        <p className="text-12 break-words text-secondary">{where.join(" · ")}</p>
        <p className="flex flex-wrap items-center gap-x-4 text-12">
          {errorId !== "" && (
            <span className="inline-flex items-center gap-2 text-secondary">
              Error <ShortId what="error id" id={errorId} />
            </span>
          )}
          {participant !== "" && (
            <TextLink onClick={() => onParticipant(participant)}>
              {`Participant ${brief(shortId(participant), 40)}`}
            </TextLink>
          )}
          {line && <TextLink href={line}>Log line</TextLink>}
          {trace !== "" && <TextLink href={traceAddress(trace)}>Trace</TextLink>}
        </p>
      </div>
    </li>
  );
}
