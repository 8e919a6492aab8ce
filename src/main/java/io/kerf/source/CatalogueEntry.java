package io.kerf.source;

/**
 * A model that can be loaded by its name.
 *
 * @param name what a user types
 * @param family its architecture: "bert", "llama"
 * @param parameters how many weights it has; tied ones count once
 * @param licence the weights' licence, as an SPDX identifier
 * @param from who made it and how it gets here, in words
 * @param origin what it is published as
 * @param file the file that is fetched
 */
public record CatalogueEntry(
    String name,
    String family,
    long parameters,
    String licence,
    String from,
    Origin origin,
    ModelFile file) {

  /** What the model takes on disk. */
  public long sizeBytes() {
    return file.sizeBytes();
  }

  /** What goes over the network. */
  public long downloadBytes() {
    return origin instanceof PythonPackage wheel ? wheel.wheelBytes() : file.sizeBytes();
  }
}
