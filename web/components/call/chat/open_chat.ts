import { createContext, useContext } from "react";
import type { Conversation } from "@/lib/call/chat_types";

type OpenChat = (conversation: Conversation) => void;

const Context = createContext<OpenChat>(() => undefined);

/** Around the call, which has the panel. */
export const OpenChatProvider = Context.Provider;

/** Opens the chat's panel at a conversation, from wherever a person is shown. */
export function useOpenChat(): OpenChat {
  return useContext(Context);
}
