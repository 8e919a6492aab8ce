package io.kerf.source;

/**
 * A jar in a Maven repository; the model's file is the jar itself.
 *
 * @param groupId for instance "com.robrua.nlp.models"
 * @param artifactId the name within the group
 * @param version a released version
 */
public record MavenArtifact(String groupId, String artifactId, String version) implements Origin {
  public MavenArtifact {
    for (String part : new String[] {groupId, artifactId, version}) {
      if (!part.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*")) {
        throw new IllegalArgumentException("'" + part + "' cannot be part of Maven coordinates");
      }
    }
  }

  /** Reads "group:artifact:version". */
  public static MavenArtifact of(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    if (parts.length != 3) {
      throw new IllegalArgumentException(
          "Maven coordinates are group:artifact:version, was '" + coordinates + "'");
    }
    return new MavenArtifact(parts[0], parts[1], parts[2]);
  }

  public String coordinates() {
    return groupId + ":" + artifactId + ":" + version;
  }

  /** Where the jar lies in a repository, with '/' between folders. */
  String path() {
    return groupId.replace('.', '/')
        + ("/" + artifactId + "/" + version + "/" + artifactId + "-" + version + ".jar");
  }

  @Override
  public String words() {
    return "Maven Central " + coordinates();
  }
}
