package io.kerf.source;

import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** One download from a repository: what is listed, asked for and brought into the cache. */
final class HubVisit implements AutoCloseable {
  private static final int FILES_AT_ONCE = 8;

  private final HubRepo repo;
  private final String work;
  private final HubCache cache;
  private final HubHttp http;
  private final HubApi api;
  private final Workers workers;
  private final AtomicLong bytes = new AtomicLong();
  private final Queue<String> notes = new ConcurrentLinkedQueue<>();

  /**
   * Begins; nothing is asked yet.
   *
   * @param work how messages name it: "Downloading org/name"
   */
  HubVisit(HubRepo repo, String work, HubCache cache, HubHttp http) {
    this.repo = repo;
    this.work = work;
    this.cache = cache;
    this.http = http;
    this.api = new HubApi(http, repo);
    this.workers = new Workers(work, FILES_AT_ONCE);
  }

  @Override
  public void close() {
    workers.close();
  }

  /** What the repository holds. */
  HubListing listing() {
    return workers.one(api::listing);
  }

  /** The page that people read about it. */
  String page() {
    return http.endpoint().page(repo);
  }

  /** What the hub knows of files. */
  List<HubFile> asked(String commit, Collection<String> names) {
    return workers.all(
        names.stream().<Callable<HubFile>>map(file -> () -> api.file(commit, file)).toList(),
        () -> 0,
        units -> {});
  }

  /** A document that says what else is to be done; downloaded before there is a bar. */
  byte[] content(String commit, HubFile file) {
    if (file.sizeBytes() > HubHttp.MAX_DOCUMENT_BYTES) {
      throw new FetchException(
          repo.id()
              + ": "
              + file.name()
              + " has "
              + file.sizeBytes()
              + " bytes, more than the "
              + HubHttp.MAX_DOCUMENT_BYTES
              + " that are read; another revision may be sound");
    }
    HubDownload download = download(commit, file);
    if (!download.isHere(cache.blob(repo, file))) {
      workers.one(() -> run(download));
    }
    return HubCache.read(cache.blob(repo, file));
  }

  private HubDownload download(String commit, HubFile file) {
    return new HubDownload(
        http, api, cache, repo, work, file, api.address(commit, file.name()), bytes, notes::add);
  }

  private Void run(HubDownload download) throws InterruptedException {
    download.run();
    return null;
  }

  void bring(String commit, List<HubFile> files, ProgressListener listener) {
    List<HubDownload> wanted =
        files.stream()
            .map(file -> download(commit, file))
            .filter(download -> !download.isHere(cache.blob(repo, download.file())))
            .toList();
    if (wanted.isEmpty()) {
      return;
    }
    long total = wanted.stream().mapToLong(download -> download.file().sizeBytes()).sum();
    total += bytes.get(); // what came before there was a bar
    try (Progress progress = listener.start(work, total, "bytes")) {
      workers.all(
          wanted.stream().<Callable<Void>>map(download -> () -> run(download)).toList(),
          () -> {
            for (String note; (note = notes.poll()) != null; ) {
              progress.note(note);
            }
            return bytes.get();
          },
          progress);
    }
  }
}
