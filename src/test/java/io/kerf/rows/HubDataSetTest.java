package io.kerf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.name.UnknownNameException;
import io.kerf.progress.ProgressListener;
import io.kerf.source.FetchException;
import io.kerf.source.HubDataset;
import io.kerf.source.HubServer;
import io.kerf.source.LoopbackHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data sets of a hub of this process. */
class HubDataSetTest {
  private static final String NAME = HubServer.REPOSITORY;

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private HubServer server;

  @BeforeEach
  void startServer() throws IOException {
    server = new HubServer().ofDataset();
    environment.put("HF_ENDPOINT", server.address());
    environment.put("HF_HOME", folder.toString());
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static byte[] arc() throws IOException {
    return Files.readAllBytes(RowsGoldenTest.FOLDER.resolve("arc_zstd.parquet"));
  }

  private DataSet load(String name, String configuration, String split) {
    return DataSet.ofHub(
        LoopbackHub.of(environment),
        HubDataset.of(name),
        configuration,
        split,
        ProgressListener.NONE);
  }

  private Path cache() {
    return folder.resolve("hub/datasets--org--tiny");
  }

  @Test
  void aSplitIsDownloadedOnceAndThenReadWithoutAHub() throws IOException {
    server
        .put("README.md", "---\nlicense: mit\n---\n")
        .putLarge("main/test-00000-of-00001.parquet", arc())
        .put("main/train.csv", "a\n1\n");
    DataSet test = load(NAME, "main", "test");
    Path file =
        cache().resolve("snapshots/" + HubServer.COMMIT + "/main/test-00000-of-00001.parquet");
    assertEquals(List.of(file), test.files());
    assertEquals(
        "Hugging Face hub data set org/tiny, revision main, commit "
            + HubServer.COMMIT
            + ", configuration main, split test",
        test.origin());
    Rows rows = test.read();
    assertEquals(
        DataSet.of(RowsGoldenTest.FOLDER.resolve("arc_none.parquet")).read().rows().toString(),
        rows.rows().toString());
    assertEquals(0, server.gets("main/train.csv"));
    assertEquals(HubServer.COMMIT, Files.readString(cache().resolve("refs/main")));

    server.close();
    assertEquals(test, load(NAME, "main", "test"));
    environment.put("HF_HUB_OFFLINE", "1");
    assertEquals(test.files(), load(NAME, "", "test").files());
    assertEquals(
        "org/tiny is in the cache "
            + folder.resolve("hub")
            + " at commit "
            + HubServer.COMMIT
            + " without main/train.csv, and HF_HUB_OFFLINE=1 forbids to ask the hub; unset it to"
            + " download, or let HF_HUB_CACHE or HF_HOME name the folder where it is",
        assertThrows(FetchException.class, () -> load(NAME, "main", "train")).getMessage());
  }

  @Test
  void anotherSplitIsBroughtWhenItIsAskedFor() throws IOException {
    server.put("train.csv", "a\n1\n").put("test.csv", "a\n2\n3\n");
    assertEquals(1, load(NAME, "", "train").read().rows().size());
    assertEquals(0, server.gets("test.csv"));
    assertEquals(2, load(NAME, "", "test").read().rows().size());
    assertEquals(1, server.gets("train.csv"));
  }

  @Test
  void theReadmeDecidesAndUnknownNamesAreGuessed() throws IOException {
    server
        .put(
            "README.md",
            "---\nconfigs:\n- config_name: one\n  data_files:\n  - split: test\n    path: x/*\n---\n")
        .put("x/a.csv", "a\n1\n")
        .put("tiny.py", "raise SystemExit");
    assertEquals(1, load(NAME, "one", "test").read().rows().size());
    assertEquals(
        "Unknown split of org/tiny 'tests'. Did you mean: test? Known: test",
        assertThrows(UnknownNameException.class, () -> load(NAME, "one", "tests")).getMessage());
    assertEquals(
        "Unknown configuration of org/tiny 'two'. Known: one",
        assertThrows(UnknownNameException.class, () -> load(NAME, "two", "test")).getMessage());
  }

  @Test
  void ofAScriptTheConvertedRowsAreRead() throws IOException {
    server
        .put("tiny.py", "raise SystemExit('this is never run')")
        .put("data/test.csv", "of,the,script\n1,2,3\n")
        .putAt(HubDataset.CONVERTED, "main/test/0000.parquet", arc());
    DataSet test = load(NAME, "main", "test");
    assertEquals(23, test.read().rows().size());
    assertTrue(test.origin().contains("revision refs/convert/parquet"), test.origin());
    assertEquals(0, server.gets("tiny.py"));
    assertTrue(Files.exists(cache().resolve("refs/refs/convert/parquet")));
    assertEquals(
        "Unknown split of org/tiny@refs/convert/parquet 'train'. Known: test",
        assertThrows(UnknownNameException.class, () -> load(NAME, "main", "train")).getMessage());
    server.close();
    assertEquals(test, load(NAME, "main", "test"));
  }

  @Test
  void aRevisionWithoutRowsSaysSo() {
    server.revisions().put("v1", "1".repeat(40));
    server.put("tiny.py", "raise SystemExit");
    assertEquals(
        "org/tiny@v1 holds no file of rows, or only a script, which is not run; the revision"
            + " refs/convert/parquet may have them",
        assertThrows(RowsException.class, () -> load(NAME + "@v1", "", "test")).getMessage());
    assertEquals(
        "org/tiny has no revision 'refs/convert/parquet'; its branches and tags are at "
            + server.address()
            + "/datasets/org/tiny/tree/main",
        assertThrows(FetchException.class, () -> load(NAME, "", "test")).getMessage());
  }

  @Test
  void anUnknownDataSetSaysWhatItMayBe() {
    assertEquals(
        server.address()
            + " shows no data set org/tinny (status 401): check the spelling; if it is private, set"
            + " HF_TOKEN to a token that may read it",
        assertThrows(FetchException.class, () -> load("org/tinny", "", "test")).getMessage());
    assertEquals(
        "'a/b/c' cannot be a data set on the Hugging Face hub: organisation and name are made of"
            + " letters, digits, '_', and single '-' and '.' between them; a path must exist",
        assertThrows(IllegalArgumentException.class, () -> HubDataset.of("a/b/c")).getMessage());
    environment.put("HF_HUB_OFFLINE", "1");
    assertTrue(
        assertThrows(FetchException.class, () -> load("squad", "", "test"))
            .getMessage()
            .startsWith("squad is not in the cache " + folder.resolve("hub")));
  }

  /** Python leaves no list of what there is: what lies here is looked at. */
  @Test
  void offlineWhatPythonDownloadedIsFound() throws IOException {
    environment.put("HF_HUB_OFFLINE", "1");
    Path snapshot = cache().resolve("snapshots/" + HubServer.COMMIT + "/data");
    Files.createDirectories(snapshot);
    Files.createDirectories(cache().resolve("refs"));
    Files.writeString(cache().resolve("refs/main"), HubServer.COMMIT);
    Files.write(snapshot.resolve("test-00000-of-00002.parquet"), arc());
    assertEquals(
        "org/tiny has 1 of the 2 files data/test-*-of-00002.parquet",
        assertThrows(RowsException.class, () -> load(NAME, "", "test")).getMessage());
    Files.write(snapshot.resolve("test-00001-of-00002.parquet"), arc());
    assertEquals(46, load(NAME, "", "test").read().rows().size());
  }
}
