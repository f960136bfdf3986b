export { NoSuchPage as default } from "@/components/room/shell";
