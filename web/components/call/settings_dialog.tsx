import { CircleAlert } from "lucide-react";
import { problemSentence } from "@/lib/media/problems";
import { useStore } from "../hooks/use_store";
import { DevicePickers } from "../room/device_pickers";
import { MicBars } from "../room/mic_level";
import { useRoomSession } from "../room/session";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";

/** Devices, while the call goes on. */
export function SettingsDialog({ onClose }: { onClose(): void }) {
  const { media } = useRoomSession();
  const { microphone, camera } = useStore(media);
  const problems = [
    camera.problem && problemSentence("camera", camera.problem),
    microphone.problem && problemSentence("microphone", microphone.problem),
  ].filter((sentence) => sentence !== null);
  return (
    <Dialog title="Devices and settings" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <DevicePickers className="grid gap-3" />
        <div className="flex items-center justify-between rounded-label bg-hover py-3 pr-4 pl-4">
          <span className="text-secondary">
            {microphone.status === "live" ? "Say something to test it" : "The microphone is off"}
          </span>
          <MicBars />
        </div>
        {problems.map((sentence) => (
          <p key={sentence} className="flex items-start gap-3 text-secondary">
            <Icon icon={CircleAlert} className="text-warning" />
            <span className="self-center">{sentence}</span>
          </p>
        ))}
      </div>
    </Dialog>
  );
}
