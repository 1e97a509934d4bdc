/** @module The command line. */
