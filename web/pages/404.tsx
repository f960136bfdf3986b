import { BadLink } from "@/components/room/shell";

export default function NotFound() {
  return <BadLink />;
}
