import type { LobbyState } from "@/lib/call/types";
import { nameInSentence } from "@/lib/people/avatar";
import { AvatarDisc } from "../ui/avatar";

const SHOWN = 3;

/** Who is inside already, in one line. */
export function LobbyLine({ lobby }: { lobby: LobbyState | null }) {
  if (!lobby)
    return <p className="h-10 content-center text-14 text-faint">Checking who is here…</p>;
  const { names } = lobby;
  return (
    <div aria-live="polite" className="flex min-h-10 items-center gap-3 text-14 text-secondary">
      {names.length > 0 && (
        <div aria-hidden className="flex -space-x-1">
          {names.slice(0, SHOWN).map((name, index) => (
            <AvatarDisc
              // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat
              key={index}
              name={name}
              className="size-8! text-12! ring-2 ring-background"
            />
          ))}
        </div>
      )}
      <p className="min-w-0">{lobbySentence(names)}</p>
    </div>
  );
}

export function lobbySentence(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map(nameInSentence);
  const more = names.length - shown.length;
  if (names.length === 0) return "Nobody is here yet";
  if (names.length === 1) return `${shown[0]} is here`;
  if (more === 0) return `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]} are here`;
  return `${shown.slice(0, 2).join(", ")} and ${more + 1} others are here`;
}
