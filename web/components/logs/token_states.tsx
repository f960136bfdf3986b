import { KeyRound, ShieldX } from "lucide-react";
import { type FormEvent, useState } from "react";
import { keepToken, tokenOf } from "@/lib/logs/token";
import type { Refusal } from "@/lib/logs/types";
import { Button } from "../ui/button";
import { Message, Whole, Words } from "./message";

export function NeedsToken({ onToken }: TokenProps) {
  return (
    <Whole>
      <Message icon={KeyRound} title="The logs need a link" level="h1">
        <p>
          confab prints it when it starts. A token made with{" "}
          <code className="mono text-14 text-text">confab token api --scope logs</code> works too.
        </p>
        <TokenForm onToken={onToken} />
      </Message>
    </Whole>
  );
}

export function RefusedToken({ refusal, onToken }: TokenProps & { refusal: Refusal | null }) {
  return (
    <Whole>
      <Message icon={ShieldX} title="This link is no longer good" level="h1">
        <Words refusal={refusal} />
        <p>Paste a new one. confab prints it when it starts.</p>
        <TokenForm onToken={onToken} />
      </Message>
    </Whole>
  );
}

interface TokenProps {
  onToken(token: string): void;
}

function TokenForm({ onToken }: TokenProps) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = tokenOf(text);
    if (token === "") return;
    keepToken(token);
    onToken(token);
  };
  return (
    <form onSubmit={submit} className="flex w-full flex-col gap-3 sm:flex-row">
      <input
        type="password"
        aria-label="Link or token"
        placeholder="Link or token"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field"
      />
      <Button tone="primary" type="submit" disabled={text.trim() === ""}>
        Open
      </Button>
    </form>
  );
}
