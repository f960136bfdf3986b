import { useMemo } from "react";
import {
  browserOf,
  type DeviceProblem,
  permissionHelp,
  problemSentence,
} from "@/lib/media/problems";
import { useStore } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { Button } from "../ui/button";
import { AddressDrawing } from "./address_drawing";

const WITH_STEPS: readonly DeviceProblem[] = ["denied"];

/** What happened to the camera and what to do, over the picture. One can join all the same. */
export function DeviceHelp() {
  const { media } = useRoomSession();
  const { camera, microphone } = useStore(media);
  const browser = useMemo(() => browserOf(navigator.userAgent, navigator.maxTouchPoints), []);
  const problem = camera.problem ?? microphone.problem;
  if (!problem) return null;
  const both = camera.problem !== null && camera.problem === microphone.problem;
  const devices = both ? "camera and microphone" : camera.problem ? "camera" : "microphone";
  const help = permissionHelp(browser, devices);
  const stepwise = WITH_STEPS.includes(problem);
  return (
    <div className="animate-fade absolute inset-0 flex flex-col items-center justify-center gap-3 overflow-y-auto bg-[oklch(0.2_0.02_265)] p-4 pb-20 text-center sm:gap-4 sm:pb-24">
      <div className="flex max-w-[480px] flex-col gap-1">
        <h2 className="text-16 font-semibold sm:text-20">{headline(problem, devices)}</h2>
        <p className="text-14 text-pretty text-secondary">
          {!stepwise && `${problemSentence(camera.problem ? "camera" : "microphone", problem)} `}
          {consequence(devices)}
        </p>
      </div>
      {stepwise && (
        <div className="flex items-center gap-6">
          <AddressDrawing place={help.drawing} className="w-52 shrink-0 max-sm:hidden" />
          <ol className="flex flex-col gap-0.5 text-left text-14">
            {help.steps.map((step, index) => (
              <li key={step}>
                <span className="text-faint tabular-nums">{index + 1}.</span> {step}
              </li>
            ))}
          </ol>
        </div>
      )}
      {problem !== "insecure" && (
        <Button className="h-10! px-4! text-14!" onClick={() => void media.retry()}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** What it means for the call. */
function consequence(devices: string): string {
  const without = {
    camera: "others will not see you",
    microphone: "others will not hear you",
  }[devices];
  return `You can still join, but ${without ?? "others will neither see nor hear you"}.`;
}

function headline(problem: DeviceProblem, devices: string): string {
  const Devices = devices.charAt(0).toUpperCase() + devices.slice(1);
  const are = devices.includes(" and ") ? "are" : "is";
  switch (problem) {
    case "denied":
    case "denied-by-system":
      return `${Devices} ${are} blocked`;
    case "dismissed":
      return `${Devices} ${are} waiting for your permission`;
    case "busy":
      return `${Devices} ${are} in use elsewhere`;
    case "insecure":
      return "This page is not secure";
    case "missing":
    case "failed":
      return `${Devices} did not start`;
  }
}
