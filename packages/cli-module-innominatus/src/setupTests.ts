// Tests start programs, and bundle the command line first; a busy machine needs
// its time for that.
jest.setTimeout(60_000);
