// For suites without packages of their own.
export { io } from "socket.io-client";
