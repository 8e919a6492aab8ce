package io.kerf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.Task;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LAMA as a cell asks for it. */
class LamaTasksTest {
  @TempDir Path temp;

  private static List<String> names(List<Task> tasks) {
    return tasks.stream().map(Task::name).toList();
  }

  @Test
  void everyChangeGivesTasksOfAnotherName() {
    LamaTasks facts = Kerf.lama("facts", "facts/capital");
    assertEquals(List.of("facts", "facts/capital"), names(facts));
    assertEquals(
        List.of("facts hard compared", "facts/capital hard compared"),
        names(facts.hard().compared(Kerf.PER_TOKEN)));
    assertEquals(List.of("facts easy", "facts/capital easy"), names(facts.easy()));
    assertEquals(
        "facts multi-token", facts.multiToken().get(0).name(), "objects of several tokens");
    assertEquals(
        "the family's own cloze, log-likelihood per byte",
        facts.multiToken(Kerf.PER_BYTE).get(0).settings().get("score"));
    assertEquals("full", facts.amongAllTokens().get(0).settings().get("vocabulary"));
    assertEquals("any right object", facts.anyRightObject().get(0).settings().get("right answers"));
    assertEquals("[facts, facts/capital]", facts.toString());
    assertEquals(
        List.of("facts paraphrased", "facts/capital paraphrased"), names(facts.paraphrased()));
    assertEquals(
        "first 3 rows", Kerf.lama(3, "facts").get(0).settings().get("facts of each relation"));
  }

  @Test
  void ranksAmongTheWordsOfAFile() throws IOException {
    Path words = Files.write(temp.resolve("cities.txt"), List.of("Paris", "Rome"));
    LamaTasks tasks = Kerf.lama("facts/capital").among(words);
    assertEquals("cities, 2 words", tasks.get(0).settings().get("vocabulary"));
  }

  /** A folder in each of the three forms in which LAMA's files come. */
  @Test
  void readsAFolderOfTheUsers() throws IOException {
    for (String form : List.of("", "data", "lama")) {
      Path folder = Files.createDirectories(temp.resolve("of" + form)).resolve(form);
      Files.createDirectories(folder.resolve("TREx"));
      Files.writeString(folder.resolve("common_vocab_cased.txt"), "Paris\n");
      Files.writeString(
          folder.resolve("relations.jsonl"),
          "{\"relation\":\"P1\",\"template\":\"[X] is in [Y] .\"}\n");
      Files.writeString(
          folder.resolve("TREx/P1.jsonl"),
          "{\"uuid\":\"a\",\"sub_label\":\"Ann\",\"obj_label\":\"Paris\"}\n");
      LamaData data = Kerf.lamaData(temp.resolve("of" + form));
      assertTrue(data.available().contains("trex"));
      Task task = data.lama("trex").get(0);
      assertEquals(folder.resolve("TREx/P1.jsonl"), task.data().get(1).path());
      assertEquals("common_vocab_cased, 1 words", task.settings().get("vocabulary"));
      assertEquals(
          "first 1 rows", data.lama(1, "trex").get(0).settings().get("facts of each relation"));
    }
  }

  @Test
  void refusesAFolderThatIsNotThereAndAnAddressThatIsNone() {
    Path folder = temp.resolve("nothing");
    assertEquals(
        "no folder " + folder,
        assertThrows(IllegalArgumentException.class, () -> Kerf.lamaData(folder)).getMessage());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () -> Kerf.lamaData(URI.create("file:///data.zip"), "0".repeat(64)))
            .getMessage()
            .startsWith("an archive is downloaded from an http or https address"));
  }

  @Test
  void everyFamilyAnswersTheComparedProbeAndParaphrases() {
    LamaTasks facts = Kerf.lama(2, "facts/capital");
    List<Task> tasks = new ArrayList<>(facts.compared(Kerf.PER_TOKEN));
    tasks.addAll(facts.paraphrased());
    for (var kind : io.kerf.model.Family.Kind.values()) {
      Variant variant = Kerf.load(TinyVariants.folder(kind));
      Report report = Kerf.evaluate(variant).on(tasks).run(ProgressListener.NONE);
      assertEquals("facts/capital compared", report.entries().get(0).result().task());
      assertTrue(report.entries().get(0).result().complete(), kind::toString);
    }
  }

  @Test
  void theReferenceModelOfUnhelpfulNamesIsAskedAtOnce() {
    Variant masked = Kerf.load(TinyVariants.folder(io.kerf.model.Family.Kind.MASKED));
    LamaTasks tasks = Kerf.lama("facts/capital").uhn(masked, ProgressListener.NONE);
    assertEquals(List.of("facts/capital uhn"), names(tasks));
    assertTrue(tasks.get(0).settings().get("uhn").contains(masked.lineage().sha256()));
    Variant causal = Kerf.load(TinyVariants.folder(io.kerf.model.Family.Kind.CAUSAL));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Kerf.lama("facts/capital").uhn(causal, ProgressListener.NONE))
            .getMessage();
    assertTrue(
        message.startsWith("task facts/capital names asks a masked language model"), message);
  }
}
