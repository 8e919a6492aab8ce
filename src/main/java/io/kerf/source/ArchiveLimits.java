package io.kerf.source;

/**
 * How much an archive of data may be.
 *
 * @param archiveBytes of the file that is downloaded
 * @param unpackedBytes of all its entries together
 * @param entries how many files it may hold
 */
record ArchiveLimits(long archiveBytes, long unpackedBytes, int entries) {
  /** Some thirty times what LAMA's files take. */
  static final ArchiveLimits USUAL = new ArchiveLimits(4L << 30, 16L << 30, 100_000);
}
