package io.kerf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.json.JsonException;
import io.kerf.name.UnknownNameException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are a split, of what a data set may hold. */
class SplitFilesTest {
  @TempDir Path folder;

  private static List<String> chosen(String configuration, String split, String... held) {
    return new SplitFiles("org/set", configuration, split).among(List.of(held), file -> null);
  }

  private static String unknown(String configuration, String split, String... held) {
    return assertThrows(UnknownNameException.class, () -> chosen(configuration, split, held))
        .getMessage();
  }

  private static List<String> listed(
      String configuration, String split, String head, String... held) {
    List<String> all = new ArrayList<>(List.of(held));
    all.add("README.md");
    String readme = "---\n" + head + "\n---\n# A set\n";
    return new SplitFiles("org/set", configuration, split)
        .among(all, file -> readme.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void shardsOfASplitAreTakenInOrder() {
    assertEquals(
        List.of("data/validation-00000-of-00002.parquet", "data/validation-00001-of-00002.parquet"),
        chosen(
            "",
            "validation",
            "data/validation-00001-of-00002.parquet",
            "data/validation-00000-of-00002.parquet",
            "data/train-00000-of-00001-0123456789abcdef.parquet",
            "dataset_infos.json"));
    assertEquals(
        List.of("ARC-Easy/test-00000-of-00001.parquet"),
        chosen(
            "ARC-Easy",
            "test",
            "ARC-Easy/test-00000-of-00001.parquet",
            "ARC-Challenge/test-00000-of-00001.parquet"));
  }

  @Test
  void fewerShardsThanThereAreIsRefused() {
    assertEquals(
        "org/set has 1 of the 3 files data/test-*-of-00003.parquet",
        assertThrows(
                RowsException.class, () -> chosen("", "test", "data/test-00001-of-00003.parquet"))
            .getMessage());
  }

  @Test
  void aSplitIsAFileAFolderOrTheEndOfAName() {
    assertEquals(
        List.of("validation.jsonl"), chosen("", "validation", "validation.jsonl", "t.txt"));
    assertEquals(
        List.of("main/test.csv.gz"), chosen("main", "test", "main/test.csv.gz", "main/train.csv"));
    assertEquals(
        List.of("default/test/0000.parquet", "default/test/0001.parquet"),
        chosen(
            "",
            "test",
            "default/test/0000.parquet",
            "default/test/0001.parquet",
            "default/train/0000.parquet"));
    assertEquals(
        List.of("test/anatomy_test.csv"),
        chosen(
            "anatomy",
            "test",
            "test/anatomy_test.csv",
            "test/virology_test.csv",
            "dev/anatomy_dev.csv"));
    assertEquals(
        List.of("arc_easy_validation.jsonl"),
        chosen("arc_easy", "validation", "arc_easy_validation.jsonl", "piqa_validation.jsonl"));
    assertEquals(
        List.of("train_1.jsonl", "train_2.jsonl"),
        chosen("", "train", "train_1.jsonl", "train_2.jsonl", "test.jsonl"));
    assertEquals(
        List.of("data/train_sft-00000-of-00001.parquet"),
        chosen(
            "",
            "train_sft",
            "data/train_sft-00000-of-00001.parquet",
            "data/test_sft-00000-of-00001.parquet"));
  }

  @Test
  void withoutAnySplitAllIsTrain() {
    assertEquals(List.of("a.jsonl", "b.jsonl"), chosen("", "train", "a.jsonl", "b.jsonl"));
    assertEquals(
        "Unknown split of org/set 'test'. Known: train", unknown("", "test", "a.jsonl", "b.jsonl"));
    assertEquals(List.of(), chosen("", "train", "script.py", "LICENSE"));
  }

  @Test
  void devIsValidationWhereOnlyOneOfThemIsThere() {
    assertEquals(List.of("dev.csv"), chosen("", "validation", "dev.csv", "test.csv"));
    assertEquals(List.of("dev.csv"), chosen("", "dev", "dev.csv", "val.csv", "test.csv"));
    assertEquals(
        "Unknown split of org/set 'validation'. Known: dev, test, valid",
        unknown("", "validation", "dev.csv", "valid.csv", "test.csv"));
  }

  @Test
  void unknownNamesAreGuessed() {
    assertEquals(
        "Unknown configuration of org/set 'arc_easy'. Did you mean: ARC-Easy? Known: ARC-Challenge,"
            + " ARC-Easy",
        unknown("arc_easy", "test", "ARC-Easy/test.csv", "ARC-Challenge/test.csv"));
    assertEquals(
        "Unknown split of org/set 'tets'. Did you mean: test? Known: test, train",
        unknown("", "tets", "test.csv", "train.csv"));
    assertEquals(
        "org/set has several configurations; name one of them: a, b",
        assertThrows(RowsException.class, () -> chosen("", "test", "a/test.csv", "b/test.csv"))
            .getMessage());
  }

  @Test
  void ofSeveralKindsParquetIsTaken() {
    assertEquals(
        List.of("test.parquet"), chosen("", "test", "test.csv", "test.parquet", "test.jsonl"));
    assertEquals(List.of("test.jsonl"), chosen("", "test", "test.csv", "test.jsonl"));
  }

  @Test
  void theReadmeSaysWhichFiles() {
    String head =
        """
        license: mit
        configs:
        - config_name: one
          data_files:
          - split: test
            path: one/x-*
          - split: dev
            path: ["one/d?.csv", "**/e[0-1].csv"]
        - config_name: two
          default: true
          data_files: "two/*.jsonl"
        """;
    String[] held = {
      "one/x-0.csv", "one/x-1.csv", "one/y.csv", "one/d1.csv", "a/b/e1.csv", "e0.csv", "two/a.jsonl"
    };
    assertEquals(List.of("one/x-0.csv", "one/x-1.csv"), listed("one", "test", head, held));
    assertEquals(
        List.of("one/d1.csv", "a/b/e1.csv", "e0.csv"), listed("one", "validation", head, held));
    assertEquals(List.of("two/a.jsonl"), listed("", "train", head, held));
    assertEquals(
        "Unknown split of org/set 'tset'. Did you mean: test? Known: test, dev",
        assertThrows(UnknownNameException.class, () -> listed("one", "tset", head, held))
            .getMessage());
    assertEquals(
        "Unknown configuration of org/set 'tow'. Did you mean: two? Known: one, two",
        assertThrows(UnknownNameException.class, () -> listed("tow", "test", head, held))
            .getMessage());
  }

  @Test
  void aConfigurationMayBeAFolder() {
    String head = "configs:\n- config_name: c\n  data_dir: there";
    assertEquals(
        List.of("there/test.csv"), listed("c", "test", head, "there/test.csv", "test.csv"));
    assertEquals(List.of("test.csv"), listed("", "test", "license: mit", "test.csv"));
  }

  @Test
  void aReadmeThatNamesNoFileIsRefused() {
    String head = "configs:\n- config_name: c\n  data_files:\n  - split: test\n    path: '%s'";
    assertEquals(
        "org/set: README.md: configs[0].data_files[0].path names 'x/*.csv', and no file is named so",
        assertThrows(
                RowsException.class, () -> listed("c", "test", head.formatted("x/*.csv"), "a.csv"))
            .getMessage());
    assertEquals(
        "org/set: README.md: configs[0].data_files[0].path must be a pattern of files in the data"
            + " set, was 'https://e.org/a.csv'",
        assertThrows(
                RowsException.class,
                () -> listed("c", "test", head.formatted("https://e.org/a.csv"), "a.csv"))
            .getMessage());
    assertTrue(
        assertThrows(JsonException.class, () -> listed("c", "test", "configs: [", "a.csv"))
            .getMessage()
            .startsWith("org/set: README.md is not YAML: "));
  }

  @Test
  void patternsMeanWhatTheyUsuallyDo() {
    Glob glob = Glob.of("./a/*.{csv,tsv}", "here");
    assertTrue(glob.matches("a/x.tsv"));
    assertFalse(glob.matches("a/b/x.csv"));
    assertFalse(glob.matches("a/x.json"));
    assertTrue(Glob.of("**", "here").matches("a/b"));
    assertTrue(Glob.of("a/[!b]+(.csv", "here").matches("a/c+(.csv"));
    assertFalse(Glob.of("a/[!b].csv", "here").matches("a/b.csv"));
  }

  @Test
  void aFolderIsADataSet() throws IOException {
    Files.createDirectories(folder.resolve("main"));
    Files.writeString(folder.resolve("main/test.csv"), "a\n1\n");
    Files.writeString(folder.resolve("main/train.csv"), "a\n1\n2\n");
    DataSet test = DataSet.in(folder, "main", "test");
    assertEquals(folder + ", main, split test", test.origin());
    assertEquals(List.of(folder.resolve("main/test.csv")), test.files());
    assertEquals(2, DataSet.in(folder, "", "train").read().rows().size());
    Path other = Files.createDirectories(folder.resolve("main/none"));
    assertEquals(
        other
            + " holds no file of rows; understood are .parquet, .jsonl, .ndjson, .json, .csv, .tsv,"
            + " and all but the first with .gz",
        assertThrows(RowsException.class, () -> DataSet.in(other, "", "test")).getMessage());
    assertEquals(
        "there is no folder " + folder.resolve("x") + " to read rows of",
        assertThrows(RowsException.class, () -> DataSet.in(folder.resolve("x"), "", "test"))
            .getMessage());
    assertEquals(
        "the split of x must be named: train, validation, test, or as it has them",
        assertThrows(IllegalArgumentException.class, () -> new SplitFiles("x", "", " "))
            .getMessage());
  }
}
