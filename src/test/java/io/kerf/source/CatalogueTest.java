package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.name.UnknownNameException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueTest {
  @Test
  void everyModelIsWholeAndItsNameIsItsOwn() {
    assertFalse(Catalogue.models().isEmpty());
    Set<String> names = new HashSet<>();
    Set<String> hashes = new HashSet<>();
    for (CatalogueEntry entry : Catalogue.models()) {
      assertTrue(names.add(entry.name()), entry.name());
      assertTrue(hashes.add(entry.file().sha256()), entry.name());
      assertTrue(entry.name().matches("[a-z0-9][a-z0-9.-]*"), entry.name());
      assertTrue(entry.parameters() > 0, entry.name());
      assertFalse(entry.family().isBlank() || entry.from().isBlank(), entry.name());
      assertFalse(entry.licence().isBlank(), entry.name());
      assertSame(entry, Catalogue.find(entry.name()));
    }
  }

  @Test
  void aMavenArtifactIsItsFileAndAWheelHoldsIt() {
    for (CatalogueEntry entry : Catalogue.models()) {
      if (entry.origin() instanceof MavenArtifact artifact) {
        assertTrue(artifact.path().endsWith("/" + entry.file().name()), entry.name());
        assertEquals(entry.sizeBytes(), entry.downloadBytes());
      } else if (entry.origin() instanceof PythonPackage wheel) {
        assertTrue(wheel.member().endsWith("/" + entry.file().name()), entry.name());
        assertEquals(wheel.wheelBytes(), entry.downloadBytes());
      }
    }
  }

  @Test
  void asksWhichModelWasMeant() {
    var e = assertThrows(UnknownNameException.class, () -> Catalogue.find("bert-base-case"));
    String known = String.join(", ", Catalogue.models().stream().map(m -> m.name()).toList());
    assertEquals(
        "Unknown model 'bert-base-case'. Did you mean: bert-base-cased? Known: " + known,
        e.getMessage());
  }

  @Test
  void rejectsFilesAndCoordinatesThatLeaveTheirFolder() {
    String sha = "0".repeat(64);
    assertEquals(
        "a model file's name is a plain one, was '../x'",
        assertThrows(IllegalArgumentException.class, () -> new ModelFile("../x", 1, sha))
            .getMessage());
    assertEquals(
        "x: sizeBytes must be positive, was 0",
        assertThrows(IllegalArgumentException.class, () -> new ModelFile("x", 0, sha))
            .getMessage());
    assertEquals(
        "x: sha256 must be 64 lower-case hexadecimal digits, was 'ABC'",
        assertThrows(IllegalArgumentException.class, () -> new ModelFile("x", 1, "ABC"))
            .getMessage());
    assertEquals(
        "Maven coordinates are group:artifact:version, was 'a:b'",
        assertThrows(IllegalArgumentException.class, () -> MavenArtifact.of("a:b")).getMessage());
    assertEquals(
        "'..' cannot be part of Maven coordinates",
        assertThrows(IllegalArgumentException.class, () -> MavenArtifact.of("a:..:1"))
            .getMessage());
    assertEquals(
        "not a Python package: --pre==1",
        assertThrows(IllegalArgumentException.class, () -> new PythonPackage("--pre", "1", 1, "x"))
            .getMessage());
  }
}
