package io.kerf.source;

import io.kerf.json.Json;
import io.kerf.name.Names;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Brings models from the Hugging Face hub, through the cache that Python's huggingface_hub keeps.
 *
 * <p>A model that is in the cache is used as it is and nothing is asked of the hub; a branch stays
 * at the commit that it was at when it came. For a newer one name the commit, or remove {@code
 * refs/main} from the model's folder.
 */
public final class Hub {
  private static final int FILES_AT_ONCE = 8;

  private final HubSettings settings;
  private final Patience patience;
  private final HubCache cache;

  Hub(HubSettings settings, Patience patience) {
    this.settings = settings;
    this.patience = patience;
    this.cache = HubCache.in(settings.cacheFolder());
  }

  /** The hub and the cache that this user's environment names. */
  public static Hub ofUser() {
    return new Hub(HubSettings.ofUser(), Patience.usual());
  }

  /** Whether the whole model is in the cache; nothing is asked of the hub. */
  public boolean has(HubName name) {
    return cache.find(name).whole();
  }

  /**
   * The model, downloaded if it is not here yet.
   *
   * @param check given {@code config.json} before anything large is downloaded; it throws if the
   *     model is of no use
   * @param listener shown one piece of work, the download of all its files; none if it is here
   * @throws FetchException if it cannot be had or is not what the hub says it is
   * @throws io.kerf.name.UnknownNameException if the repository has no such GGUF file
   * @throws Interrupted if this thread is interrupted; a download goes on from there the next time
   */
  public HubSnapshot fetch(HubName name, Consumer<Json> check, ProgressListener listener) {
    HubCache.Found found = cache.find(name);
    if (found.whole()) {
      return snapshot(name, found.commit(), found.snapshot());
    }
    if (settings.offlineBy().isPresent()) {
      throw notHere(name, found, settings.offlineBy().get());
    }
    String work = "Downloading " + name.text();
    Interrupted.check(work);
    HubHttp http = new HubHttp(settings.endpoint(), settings.token(), patience);
    try (Workers workers = new Workers(work, FILES_AT_ONCE)) {
      return new Visit(name, http, new HubApi(http, name), workers).download(work, check, listener);
    }
  }

  private static HubSnapshot snapshot(HubName name, String commit, Path folder) {
    return new HubSnapshot(
        name.text(),
        name.file().isEmpty() ? folder : folder.resolve(name.file()),
        "Hugging Face hub "
            + name.repository()
            + (name.file().isEmpty() ? "" : ", file " + name.file())
            + ", revision "
            + name.revision()
            + (name.revision().equals(commit) ? "" : ", commit " + commit));
  }

  private FetchException notHere(HubName name, HubCache.Found found, String offline) {
    String here =
        found.commit() == null
            ? name.text() + " is not in the cache " + cache.root()
            : name.text()
                + " is in the cache "
                + cache.root()
                + " at commit "
                + found.commit()
                + " without "
                + String.join(", ", found.missing());
    return new FetchException(
        here
            + ", and "
            + offline
            + " forbids to ask the hub; unset it to download, or let HF_HUB_CACHE or HF_HOME name"
            + " the folder where the model is");
  }

  /** One download: what is chosen, asked for and brought. */
  private final class Visit {
    private final HubName name;
    private final HubHttp http;
    private final HubApi api;
    private final Workers workers;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();

    Visit(HubName name, HubHttp http, HubApi api, Workers workers) {
      this.name = name;
      this.http = http;
      this.api = api;
      this.workers = workers;
    }

    HubSnapshot download(String work, Consumer<Json> check, ProgressListener listener) {
      HubListing listing = workers.one(api::listing);
      String commit = listing.commit();
      List<HubFile> files = new ArrayList<>();
      if (!name.file().isEmpty()) {
        files.addAll(asked(commit, List.of(gguf(listing))));
      } else {
        checkIsModel(listing);
        String weights = HubSelection.weights(listing.files()::contains).orElseThrow();
        files.addAll(asked(commit, HubSelection.besidesWeights(listing.files()::contains)));
        HubFile config = files.get(0);
        check.accept(Json.parse(content(commit, config), name.text() + ": " + config.name()));
        HubFile first = asked(commit, List.of(weights)).get(0);
        if (HubSelection.isIndex(weights)) {
          files.addAll(asked(commit, shards(listing, first)));
        }
        files.add(first); // last: what names the weights is only there once they are
      }
      bring(work, commit, files, listener);
      Path folder = cache.link(name, commit, files);
      cache.refer(name, commit);
      return snapshot(name, commit, folder);
    }

    private List<HubFile> asked(String commit, Collection<String> names) {
      return workers.all(
          names.stream().<Callable<HubFile>>map(file -> () -> api.file(commit, file)).toList(),
          () -> 0,
          units -> {});
    }

    private String gguf(HubListing listing) {
      List<String> known = HubSelection.ggufs(listing.files().stream());
      if (known.isEmpty()) {
        throw new FetchException(
            name.repository()
                + " holds no GGUF file; load(\""
                + name.repository()
                + "\") reads its other weights");
      }
      if (!known.contains(name.file())) {
        throw Names.unknown("file of " + name.repository(), name.file(), known);
      }
      return name.file();
    }

    /** Fails before anything large is downloaded. */
    private void checkIsModel(HubListing listing) {
      List<String> missing = HubSelection.missing(listing.files()::contains);
      if (missing.isEmpty()) {
        return;
      }
      List<String> ggufs = HubSelection.ggufs(listing.files().stream());
      throw new FetchException(
          name.repository()
              + " cannot be loaded as a whole: it has no "
              + String.join(", no ", missing)
              + (ggufs.isEmpty()
                  ? "; see " + http.endpoint().page(name)
                  : "; one of its GGUF files can: load(\""
                      + name.repository()
                      + ":"
                      + ggufs.get(0)
                      + "\"), "
                      + String.join(", ", ggufs)));
    }

    private Set<String> shards(HubListing listing, HubFile index) {
      Set<String> shards = HubSelection.shards(content(listing.commit(), index), index.name());
      for (String shard : shards) {
        if (!listing.files().contains(shard)) {
          throw new FetchException(
              name.repository()
                  + " has no file "
                  + shard
                  + ", which its "
                  + index.name()
                  + " names: its authors have to mend that; another revision may be whole");
        }
      }
      return shards;
    }

    /** A document that says what else is to be done; downloaded before there is a bar. */
    private byte[] content(String commit, HubFile file) {
      if (file.sizeBytes() > HubHttp.MAX_DOCUMENT_BYTES) {
        throw new FetchException(
            name.repository()
                + ": "
                + file.name()
                + " has "
                + file.sizeBytes()
                + " bytes, more than the "
                + HubHttp.MAX_DOCUMENT_BYTES
                + " that are read; another revision may be sound");
      }
      HubDownload download = download(commit, file);
      if (!download.isHere(cache.blob(name, file))) {
        workers.one(() -> run(download));
      }
      return HubCache.read(cache.blob(name, file));
    }

    private HubDownload download(String commit, HubFile file) {
      return new HubDownload(
          http, api, cache, name, file, api.address(commit, file.name()), bytes, notes::add);
    }

    private Void run(HubDownload download) throws InterruptedException {
      download.run();
      return null;
    }

    private void bring(String work, String commit, List<HubFile> files, ProgressListener listener) {
      List<HubDownload> wanted =
          files.stream()
              .map(file -> download(commit, file))
              .filter(download -> !download.isHere(cache.blob(name, download.file())))
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
}
