import { Camera, Mic, Volume2 } from "lucide-react";
import type { DeviceProblem } from "@/lib/media/problems";
import { useStore } from "../hooks/use_store";
import { type Choice, Select } from "../ui/select";
import { chooseDevice, useRoomSession } from "./session";

/** Microphone, camera and, where the browser can choose, the speaker. */
export function DevicePickers({ className = "" }: { className?: string }) {
  const session = useRoomSession();
  const { media } = session;
  const state = useStore(media);
  const canChooseSpeaker = state.speakers.length > 0 && "setSinkId" in HTMLMediaElement.prototype;
  return (
    <div className={className}>
      <Select
        label="Microphone"
        icon={Mic}
        value={state.microphone.deviceId ?? ""}
        choices={choicesOf(state.microphones, "Microphone")}
        empty={emptyText(state.microphone.problem)}
        onChange={(id) => void chooseDevice(session, "microphone", id)}
      />
      <Select
        label="Camera"
        icon={Camera}
        value={state.camera.deviceId ?? ""}
        choices={choicesOf(state.cameras, "Camera")}
        empty={emptyText(state.camera.problem)}
        onChange={(id) => void chooseDevice(session, "camera", id)}
      />
      {canChooseSpeaker && (
        <Select
          label="Speaker"
          icon={Volume2}
          value={state.speakerId ?? state.speakers[0]?.deviceId ?? ""}
          choices={choicesOf(state.speakers, "Speaker")}
          empty="System default"
          onChange={(id) => media.chooseSpeaker(id)}
        />
      )}
    </div>
  );
}

function emptyText(problem: DeviceProblem | null): string {
  if (problem === null) return "Default";
  if (problem === "missing") return "Not found";
  return problem === "busy" ? "In use" : "Blocked";
}

function choicesOf(devices: readonly MediaDeviceInfo[], kind: string): Choice[] {
  return devices.map((device, index) => ({
    value: device.deviceId,
    label: device.label || `${kind} ${index + 1}`,
  }));
}
