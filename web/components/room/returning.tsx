import { useStore } from "../hooks/use_store";
import { ServerLine } from "./server_line";
import { useRoomSession } from "./session";
import { RoomShell } from "./shell";

/** A reloaded page on its way back into the call. */
export function Returning() {
  const { client } = useRoomSession();
  const { connection } = useStore(client);
  return (
    <RoomShell text="Returning to the call…">
      <ServerLine connection={connection} onRetry={() => client.retryNow()} />
    </RoomShell>
  );
}
