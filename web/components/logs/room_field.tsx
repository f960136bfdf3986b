import { ArrowRight, Stethoscope } from "lucide-react";
import { type FormEvent, useState } from "react";
import { addressOfInput } from "@/lib/logs/story/addresses";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";

interface RoomFieldProps {
  /** What stands there at first. */
  initial?: string;
  className?: string;
}

/** One word leads to the explanation of a call: a room, its link, or the id of an error. */
export function RoomField({ initial = "", className }: RoomFieldProps) {
  const [text, setText] = useState(initial);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const address = addressOfInput(text);
    if (address) window.location.assign(address);
  };
  return (
    <form onSubmit={submit} className={classes("relative min-w-0", className)}>
      <Icon
        icon={Stethoscope}
        className="pointer-events-none absolute top-2 left-3 text-faint max-sm:left-2"
      />
      <input
        type="text"
        aria-label="Explain a call: room, link or error id"
        placeholder="Room or link"
        spellCheck={false}
        autoComplete="off"
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field field-compact field-search"
      />
      {text.trim() !== "" && (
        <button
          type="submit"
          aria-label="Explain this call"
          title="Explain this call"
          className="absolute top-1 right-1 grid size-8 place-items-center rounded-full text-secondary transition-colors hover:bg-hover hover:text-text"
        >
          <Icon icon={ArrowRight} className="scale-75" />
        </button>
      )}
    </form>
  );
}
