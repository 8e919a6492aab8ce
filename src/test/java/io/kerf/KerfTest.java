package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.harness.Harness;
import io.kerf.eval.lama.Lama;
import io.kerf.model.Family;
import io.kerf.name.UnknownNameException;
import io.kerf.source.Catalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KerfTest {
  @Test
  void modelsAreTheCataloguesRows() {
    var table = Kerf.models();
    assertEquals(
        Catalogue.models().stream().map(m -> m.name()).toList(),
        table.stringColumn("name").asList());
  }

  @Test
  void loadsAFolderByPathAndByText() {
    Path folder = TinyVariants.folder(Family.Kind.MASKED);
    String hash = Kerf.load(folder).lineage().sha256();
    assertEquals(hash, Kerf.load(folder.toString()).lineage().sha256());
    assertEquals(64, hash.length());
  }

  @Test
  void dataAreAFileOrASplitOfAFolder(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("test.csv"), "a\n1\n2\n");
    var rows = Kerf.data(file).read();
    assertEquals("2", rows.rows().get(1).at("a").text());
    assertEquals(rows.files(), Kerf.data(folder.toString(), "", "test").read().files());
  }

  @Test
  void corporaAreFilesFoldersTextsByNameAndRows(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.txt"), "text");
    Path rows = Files.writeString(folder.resolve("b.jsonl"), "{\"text\": \"row\"}\n");
    assertEquals(List.of(file), Kerf.corpus(file.toString()).files());
    assertEquals(List.of(file, rows), Kerf.corpus(folder).files());
    assertEquals(List.of(rows), Kerf.corpus(Kerf.data(rows)).files());
    assertEquals("held-out.txt", Kerf.corpus("held_out").label());
    var path = assertThrows(IllegalArgumentException.class, () -> Kerf.corpus("no/such"));
    assertEquals("there is no file or folder no/such to read text of", path.getMessage());
    var name = assertThrows(UnknownNameException.class, () -> Kerf.corpus("held_ou"));
    assertTrue(name.getMessage().contains("held_out"), name.getMessage());
    assertTrue(Kerf.tokenCache().folder().endsWith("tokens"));
  }

  @Test
  void anUnknownModelIsAnsweredByWhatMayBeMeant() {
    var error = assertThrows(UnknownNameException.class, () -> Kerf.load("bert-base-case"));
    assertTrue(error.getMessage().startsWith("Unknown model 'bert-base-case'. Did you mean: "));
    assertTrue(error.getMessage().contains("bert-base-cased"), error.getMessage());
  }

  @Test
  void whatIsNeitherPathNorHubNameIsNamed() {
    var name = assertThrows(IllegalArgumentException.class, () -> Kerf.load("org/na me"));
    assertTrue(
        name.getMessage().startsWith("'org/na me' cannot be a model on the Hugging Face hub: "),
        name.getMessage());
    var path = assertThrows(IllegalArgumentException.class, () -> Kerf.load("no/such/folder"));
    assertEquals(
        "no/such/folder does not exist; a model is a folder with config.json,"
            + " or a .gguf or .bin file",
        path.getMessage());
  }

  @Test
  void anEmptyFolderIsNoModel(@TempDir Path folder) {
    var error = assertThrows(RuntimeException.class, () -> Kerf.load(folder));
    assertTrue(error.getMessage().contains(folder.toString()), error.getMessage());
  }

  @Test
  void aPathThatIsNotThereIsNamed(@TempDir Path folder) {
    Path missing = folder.resolve("missing.gguf");
    for (Runnable load :
        new Runnable[] {() -> Kerf.load(missing), () -> Kerf.load(missing.toString())}) {
      var error = assertThrows(RuntimeException.class, load::run);
      assertTrue(error.getMessage().contains(missing.toString()), error.getMessage());
    }
  }

  @Test
  void aFileThatIsNoModelIsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("notes.gguf"), "not a model");
    var error = assertThrows(RuntimeException.class, () -> Kerf.load(file));
    assertTrue(error.getMessage().contains("notes.gguf"), error.getMessage());
  }

  @Test
  void unknownTasksAreAnsweredByWhatMayBeMeant() {
    assertEquals(
        "Unknown LAMA corpus 'facs'. Did you mean: facts? Known: "
            + String.join(", ", Lama.names()),
        assertThrows(UnknownNameException.class, () -> Kerf.lama("facs")).getMessage());
    assertEquals(
        "Unknown task 'boolqq'. Did you mean: boolq? Known: " + String.join(", ", Harness.names()),
        assertThrows(UnknownNameException.class, () -> Kerf.task("boolqq")).getMessage());
    assertEquals(
        "Unknown text 'heldout'. Did you mean: held_out? Known: "
            + String.join(", ", Harness.texts()),
        assertThrows(UnknownNameException.class, () -> Kerf.perplexity("heldout", 64, 1))
            .getMessage());
  }

  @Test
  void whatTheProjectShipsIsAmongTheTasks() {
    assertTrue(Kerf.tasks().contains("lama facts"), () -> Kerf.tasks().toString());
    assertTrue(Kerf.tasks().contains("questions"), () -> Kerf.tasks().toString());
    assertTrue(Kerf.tasks().contains("held_out"), () -> Kerf.tasks().toString());
  }

  @Test
  void inAPlainJvmResultsAreSeenOnTheConsole() {
    assertEquals("console", Kerf.init());
  }
}
