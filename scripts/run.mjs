#!/usr/bin/env node
// The one entry for people and CI. It needs only some Node with npm: everything
// else is brought by it. Kept free of newer syntax, so that an old Node can still
// read it far enough to say that it is too old.
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  process.stderr.write(
    `This is Node ${process.versions.node}; innominatus needs Node 18 or newer to start (it brings the exact version it needs by itself). Install a newer Node and run the command again.\n`,
  );
  process.exit(1);
}
import('./lib/main.mjs').then(({ main }) => main(process.argv.slice(2)));
