import { shareLink } from "@/lib/rooms/names";
import { useCopy } from "../hooks/use_copy";

export interface ShareLink {
  /** The address of this room, without anything that is only for this page. */
  link: string;
  /** It was copied just now. */
  copied: boolean;
  copy(): void;
}

/** The link that brings others into this room. */
export function useShareLink(): ShareLink {
  const link = shareLink(window.location.href);
  const [copied, copy] = useCopy(link);
  return { link, copied, copy };
}
