import { CircleAlert, Mic, MicOff, Video, VideoOff } from "lucide-react";
import { type DeviceKind, type DeviceProblem, problemSentence } from "@/lib/media/problems";
import { useStore } from "../hooks/use_store";
import { MicBars } from "../room/mic_level";
import { SelfPicture } from "../room/self_picture";
import { useRoomSession } from "../room/session";
import { AvatarGround } from "../ui/avatar";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { Spinner } from "../ui/spinner";
import { DeviceHelp } from "./device_help";

/** The own picture, large, with the two switches on it. */
export function CameraCard({ name, className }: { name: string; className?: string }) {
  const { media } = useRoomSession();
  const { camera, microphone, asking } = useStore(media);
  const problem = camera.problem ?? microphone.problem;
  const blocked = camera.problem !== null && camera.problem !== "missing";
  return (
    <section aria-label="Your camera" className={classes("flex min-w-0 flex-col gap-3", className)}>
      <div
        className={classes(
          "relative isolate w-full overflow-hidden rounded-panel bg-raised shadow-[0_24px_80px_rgb(0_0_0/0.45)] sm:aspect-video",
          // On a phone the sentences need more room than the picture.
          blocked ? "aspect-[8/7]" : "aspect-[4/3]",
        )}
      >
        <AvatarGround name={name} />
        <SelfPicture />
        <div className="pointer-events-none absolute inset-0 rounded-panel shadow-[inset_0_0_0_1px_rgb(255_255_255/0.08)]" />
        {camera.status === "starting" && (
          <div className="absolute inset-0 flex flex-col items-center justify-center gap-3 bg-raised text-secondary">
            <Spinner />
            <p>
              {asking ? "Allow your camera and microphone in the browser" : "Starting the camera…"}
            </p>
          </div>
        )}
        {blocked && problem && <DeviceHelp />}
        <div className="absolute inset-x-0 bottom-0 flex items-center justify-center gap-3 p-4">
          {microphone.status === "live" && (
            <div className="glass-label absolute bottom-4 left-4 flex h-12 items-center rounded-full px-3 max-sm:px-2 sm:h-14 sm:px-4">
              <MicBars />
            </div>
          )}
          <DeviceSwitch kind="microphone" />
          <DeviceSwitch kind="camera" />
        </div>
      </div>
      {!blocked && problem && <DeviceNote />}
    </section>
  );
}

function DeviceSwitch({ kind }: { kind: DeviceKind }) {
  const { media } = useRoomSession();
  const device = useStore(media)[kind];
  const on = device.on && device.status !== "unavailable";
  const icons = kind === "camera" ? [Video, VideoOff] : [Mic, MicOff];
  const label = kind === "camera" ? "Camera" : "Microphone";
  const icon = icons[on ? 0 : 1] ?? Video;
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={label}
      title={`${label} ${on ? "on" : "off"}`}
      data-testid={`preview-${kind}`}
      onClick={() => (device.status === "unavailable" ? void media.retry() : media.toggle(kind))}
      className={classes(
        "glass-label flex size-12 items-center justify-center rounded-full transition-[background-color,color,scale] motion-safe:active:scale-95 sm:size-14",
        on ? "text-text hover:bg-[oklch(0.3_0.02_265/0.7)]" : "off-glass",
      )}
    >
      <Icon icon={icon} />
    </button>
  );
}

/** One device is missing or busy while the other works: a line below the picture is enough. */
function DeviceNote() {
  const { media } = useRoomSession();
  const { camera, microphone } = useStore(media);
  return (
    <DeviceSentences
      camera={camera.problem}
      microphone={microphone.problem}
      onRetry={() => void media.retry()}
    />
  );
}

interface DeviceSentencesProps {
  camera: DeviceProblem | null;
  microphone: DeviceProblem | null;
  onRetry(): void;
}

function DeviceSentences({ camera, microphone, onRetry }: DeviceSentencesProps) {
  const sentence =
    camera === "missing" && microphone === "missing"
      ? "No camera or microphone was found. You can still join and listen. Connect one and it will be used automatically."
      : [
          camera && problemSentence("camera", camera),
          microphone && problemSentence("microphone", microphone),
        ]
          .filter(Boolean)
          .join(" ");
  const retryable = [camera, microphone].some((problem) => problem && problem !== "missing");
  return (
    <div
      role="status"
      className="animate-fade flex items-start gap-3 rounded-label bg-hover p-3 text-14 text-secondary"
    >
      <Icon icon={CircleAlert} className="text-warning" />
      <p className="min-w-0 flex-1 self-center">{sentence}</p>
      {retryable && (
        <button
          type="button"
          onClick={onRetry}
          className="-my-1 -mr-1 shrink-0 rounded-control px-3 py-2 font-medium text-text transition-colors hover:bg-hover"
        >
          Try again
        </button>
      )}
    </div>
  );
}
