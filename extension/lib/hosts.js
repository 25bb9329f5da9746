// From a page's address to a platform, on this machine: a map, walked up from the host to its parent domains.

/** The host of an http(s) address in lower case without a trailing dot; '' for anything else. */
export function hostOf(address) {
  try {
    const url = new URL(address);
    return ['http:', 'https:'].includes(url.protocol) ? url.hostname.toLowerCase().replace(/\.$/, '') : '';
  } catch {
    return '';
  }
}

/** The listed host that owns `host`, or ''. */
export function listedHost(host, hosts) {
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    if (Object.hasOwn(hosts, name)) return name;
  }
  return '';
}

/** The id of the platform that owns `host`, or ''. */
export function platformOf(host, hosts) {
  const listed = listedHost(host, hosts);
  return listed ? String(hosts[listed]) : '';
}
