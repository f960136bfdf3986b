import { memo } from "react";
import { piecesOf } from "@/lib/chat/links";

/** Plain text, whatever it looks like; only addresses of the web can be followed. */
export const MessageText = memo(({ text }: { text: string }) => (
  <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
    {keyed(text).map(({ key, piece }) =>
      piece.kind === "text" ? (
        piece.text
      ) : (
        <a
          key={key}
          href={piece.href}
          target="_blank"
          rel="noopener noreferrer"
          dir="ltr"
          className="rounded-[4px] text-accent-strong underline underline-offset-2 [unicode-bidi:isolate] hover:text-text"
        >
          {piece.text}
        </a>
      ),
    )}
  </p>
));
MessageText.displayName = "MessageText";

function keyed(text: string) {
  let key = 0;
  return piecesOf(text).map((piece) => {
    const at = key;
    key += piece.text.length;
    return { key: at, piece };
  });
}
