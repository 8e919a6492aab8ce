package io.kerf.source;

/**
 * The one file a model comes as, known to the last byte.
 *
 * @param name its name, without folders
 * @param sizeBytes its length
 * @param sha256 its SHA-256, 64 lower-case hexadecimal digits
 */
public record ModelFile(String name, long sizeBytes, String sha256) {
  public ModelFile {
    if (name.isBlank() || name.matches(".*[/\\\\:].*") || name.startsWith(".")) {
      throw new IllegalArgumentException("a model file's name is a plain one, was '" + name + "'");
    }
    if (sizeBytes <= 0) {
      throw new IllegalArgumentException(name + ": sizeBytes must be positive, was " + sizeBytes);
    }
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          name + ": sha256 must be 64 lower-case hexadecimal digits, was '" + sha256 + "'");
    }
  }
}
