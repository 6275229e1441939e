/** `./run` starts the Sandbox on the port after the console's; behind a proxy there is none to link to. */
export function sandboxAddress(location: Pick<Location, 'protocol' | 'hostname' | 'port'>): string | null {
  const port = Number(location.port);
  if (!port || location.protocol !== 'http:') return null;
  return `http://${location.hostname}:${port + 1}/`;
}
