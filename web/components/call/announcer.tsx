import { useEffect, useRef, useState } from "react";
import { displayName } from "@/lib/people/avatar";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { useShown } from "../room/shown";

/** Tells a screen reader who came and who left. */
export function Announcer() {
  const { client } = useRoomSession();
  const participants = useSelected(client, (state) => state.participants);
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  const [sentence, setSentence] = useState("");
  const shown = useShown();
  useEffect(() => {
    if (!shown) return;
    const before = known.current;
    const now = new Map(participants.map(({ id, name }) => [id, displayName(name)]));
    known.current = now;
    if (!before) return;
    const came = [...now].filter(([id]) => !before.has(id)).map(([, name]) => `${name} joined`);
    const left = [...before].filter(([id]) => !now.has(id)).map(([, name]) => `${name} left`);
    if (came.length + left.length > 0) setSentence([...came, ...left].join(", "));
  }, [shown, participants]);
  return (
    <p role="status" className="sr-only">
      {sentence}
    </p>
  );
}
