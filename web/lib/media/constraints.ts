import { readPreferences } from "./preferences";
import type { DeviceKind } from "./problems";

const CAMERA_IDEAL = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/** What the browser is asked for. `chosenId`: in the place of the remembered choice. */
export function constraintsFor(
  kinds: readonly DeviceKind[],
  chosenId: string | null,
): MediaStreamConstraints {
  const { microphoneId, cameraId } = readPreferences();
  const chosen = (remembered: string | null) => {
    const id = chosenId ?? remembered;
    return id ? { deviceId: { ideal: id } } : {};
  };
  return {
    audio: kinds.includes("microphone")
      ? {
          echoCancellation: true,
          noiseSuppression: true,
          autoGainControl: true,
          ...chosen(microphoneId),
        }
      : false,
    video: kinds.includes("camera") ? { ...CAMERA_IDEAL, ...chosen(cameraId) } : false,
  };
}
