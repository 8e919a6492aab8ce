package io.kerf.source;

import io.kerf.json.Json;
import io.kerf.name.Names;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Brings models and data sets from the Hugging Face hub, through the cache that Python's
 * huggingface_hub keeps.
 *
 * <p>What is in the cache is used as it is and nothing is asked of the hub; a branch stays at the
 * commit that it was at when it came. For a newer one name the commit, or remove {@code refs/main}
 * from its folder.
 */
public final class Hub {
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
   * The model, or the adapter where the repository holds one and no model, downloaded if it is not
   * here yet.
   *
   * @param check given a model's {@code config.json} before anything large is downloaded; it throws
   *     if the model is of no use
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
      throw notHere(name.text(), found.commit(), found.missing(), settings.offlineBy().get());
    }
    String work = "Downloading " + name.text();
    Interrupted.check(work);
    try (HubVisit visit = visit(name.repo(), work)) {
      return new ModelVisit(name, visit).download(check, listener);
    }
  }

  /**
   * Files of a data set, downloaded if they are not here yet.
   *
   * @param choice says which; it is asked again each time, of what the repository holds
   * @param listener shown one piece of work, the download of all that is not here
   * @throws FetchException if they cannot be had or are not what the hub says they are
   * @throws Interrupted if this thread is interrupted; a download goes on from there the next time
   */
  public HubFiles fetch(HubDataset name, HubChoice choice, ProgressListener listener) {
    HubRepo repo = name.repo();
    Optional<String> here = cache.commit(repo);
    HubCache.Held held = here.map(commit -> cache.held(repo, commit)).orElse(HubCache.Held.NOTHING);
    Optional<String> offline = settings.offlineBy();
    if (held.complete() || offline.isPresent() && !held.files().isEmpty()) {
      List<String> files = List.of();
      List<String> missing;
      try {
        files = choice.files(held.files(), held::read);
        missing = files.stream().filter(file -> !held.has(file)).toList();
      } catch (HubCache.Absent e) {
        missing = List.of(e.file);
      }
      if (missing.isEmpty()) {
        return files(name, here.get(), held.snapshot(), files);
      }
      if (offline.isPresent()) {
        throw notHere(name.text(), here.get(), missing, offline.get());
      }
    }
    if (offline.isPresent()) {
      throw notHere(name.text(), null, List.of(), offline.get());
    }
    String work = "Downloading " + name.text();
    Interrupted.check(work);
    try (HubVisit visit = visit(repo, work)) {
      HubListing listing = visit.listing();
      String commit = listing.commit();
      Map<String, HubFile> documents = new LinkedHashMap<>();
      List<String> chosen =
          choice.files(
              new TreeSet<>(listing.files()),
              document -> {
                HubFile file = visit.asked(commit, List.of(document)).get(0);
                documents.put(document, file);
                return visit.content(commit, file);
              });
      List<HubFile> files = new ArrayList<>(documents.values());
      files.addAll(
          visit.asked(
              commit, chosen.stream().filter(file -> !documents.containsKey(file)).toList()));
      visit.bring(commit, files, listener);
      Path folder = cache.link(repo, commit, files);
      cache.list(repo, listing);
      cache.refer(repo, commit);
      return files(name, commit, folder, chosen);
    }
  }

  private static HubFiles files(HubDataset name, String commit, Path folder, List<String> files) {
    return new HubFiles(
        files.stream().map(folder::resolve).toList(),
        "Hugging Face hub data set " + name.repository() + revision(name.revision(), commit));
  }

  private static String revision(String revision, String commit) {
    return ", revision " + revision + (revision.equals(commit) ? "" : ", commit " + commit);
  }

  private HubVisit visit(HubRepo repo, String work) {
    HubHttp http = new HubHttp(settings.endpoint(), settings.token(), patience);
    return new HubVisit(repo, work, cache, http);
  }

  private static HubSnapshot snapshot(HubName name, String commit, Path folder) {
    return new HubSnapshot(
        name.text(),
        name.file().isEmpty() ? folder : folder.resolve(name.file()),
        "Hugging Face hub "
            + name.repository()
            + (name.file().isEmpty() ? "" : ", file " + name.file())
            + revision(name.revision(), commit));
  }

  private FetchException notHere(String name, String commit, List<String> missing, String offline) {
    String here =
        commit == null
            ? name + " is not in the cache " + cache.root()
            : name
                + " is in the cache "
                + cache.root()
                + " at commit "
                + commit
                + " without "
                + String.join(", ", missing);
    return new FetchException(
        here
            + ", and "
            + offline
            + " forbids to ask the hub; unset it to download, or let HF_HUB_CACHE or HF_HOME name"
            + " the folder where it is");
  }

  /** The download of a model: which of its files are chosen. */
  private final class ModelVisit {
    private final HubName name;
    private final HubVisit visit;

    ModelVisit(HubName name, HubVisit visit) {
      this.name = name;
      this.visit = visit;
    }

    HubSnapshot download(Consumer<Json> check, ProgressListener listener) {
      HubListing listing = visit.listing();
      String commit = listing.commit();
      List<HubFile> files = new ArrayList<>();
      List<String> adapter = HubSelection.adapter(listing.files()::contains);
      if (!name.file().isEmpty()) {
        files.addAll(visit.asked(commit, List.of(gguf(listing))));
      } else if (!adapter.isEmpty()) {
        files.addAll(visit.asked(commit, adapter));
      } else {
        checkIsModel(listing);
        String weights = HubSelection.weights(listing.files()::contains).orElseThrow();
        files.addAll(visit.asked(commit, HubSelection.besidesWeights(listing.files()::contains)));
        HubFile config = files.get(0);
        check.accept(Json.parse(visit.content(commit, config), name.text() + ": " + config.name()));
        HubFile first = visit.asked(commit, List.of(weights)).get(0);
        if (HubSelection.isIndex(weights)) {
          files.addAll(visit.asked(commit, shards(listing, first)));
        }
        files.add(first); // last: what names the weights is only there once they are
      }
      visit.bring(commit, files, listener);
      Path folder = cache.link(name.repo(), commit, files);
      cache.refer(name.repo(), commit);
      return snapshot(name, commit, folder);
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
                  ? "; see " + visit.page()
                  : "; one of its GGUF files can: load(\""
                      + name.repository()
                      + ":"
                      + ggufs.get(0)
                      + "\"), "
                      + String.join(", ", ggufs)));
    }

    private Set<String> shards(HubListing listing, HubFile index) {
      Set<String> shards =
          HubSelection.shards(visit.content(listing.commit(), index), index.name());
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
  }
}
