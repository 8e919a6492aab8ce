// llama.cpp opens a GGUF file: llama MODEL.gguf, then questions on standard input, a line each, answered with a line of JSON.
//   tokens TEXT          ids of the text, without special tokens
//   logits ID ID ...     logits of every position, flat
//   greedy N ID ID ...   the N likeliest tokens after these
#include "llama.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

static llama_context * open_context(llama_model * model) {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 256;
    params.n_batch = 256;
    params.n_ubatch = 256;
    params.n_threads = params.n_threads_batch = 1;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
    params.type_k = params.type_v = GGML_TYPE_F32;  // what is compared is the weights, not a cache in half precision
    return llama_init_from_model(model, params);
}

static bool decode(llama_context * context, const std::vector<llama_token> & ids, int from) {
    llama_batch batch = llama_batch_init(ids.size() - from, 0, 1);
    for (size_t i = from; i < ids.size(); i++) {
        int at = batch.n_tokens++;
        batch.token[at] = ids[i];
        batch.pos[at] = i;
        batch.n_seq_id[at] = 1;
        batch.seq_id[at][0] = 0;
        batch.logits[at] = 1;
    }
    bool decoded = llama_decode(context, batch) == 0;
    llama_batch_free(batch);
    return decoded;
}

template <typename T> static void print(const std::vector<T> & values) {
    std::cout << "[";
    for (size_t i = 0; i < values.size(); i++) {
        std::cout << (i ? "," : "") << values[i];
    }
    std::cout << "]" << std::endl;
}

int main(int count, char ** arguments) {
    if (count != 2) {
        return 2;
    }
    std::cout.precision(9);
    llama_backend_init();
    llama_model_params params = llama_model_default_params();
    // Other layouts of the weights in memory would be computed with rounded activations.
    params.use_extra_bufts = false;
    llama_model * model = llama_model_load_from_file(arguments[1], params);
    if (!model) {
        std::cout << "{\"error\": \"llama.cpp does not open it\"}" << std::endl;
        return 1;
    }
    const llama_vocab * vocab = llama_model_get_vocab(model);
    const int words = llama_vocab_n_tokens(vocab);
    std::cout << "{\"opened\": true}" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream rest(line);
        std::string what;
        rest >> what;
        if (what == "tokens") {
            std::string text = line.substr(line.find(' ') + 1);
            std::vector<llama_token> ids(text.size() + 8);
            ids.resize(llama_tokenize(vocab, text.data(), text.size(), ids.data(), ids.size(), false, false));
            print(ids);
            continue;
        }
        int more = 0;
        if (what == "greedy") {
            rest >> more;
        }
        std::vector<llama_token> ids;
        for (llama_token id; rest >> id;) {
            ids.push_back(id);
        }
        llama_context * context = open_context(model);
        std::vector<llama_token> said;
        std::vector<float> logits;
        bool decoded = context && decode(context, ids, 0);
        for (size_t i = 0; decoded && what == "logits" && i < ids.size(); i++) {
            const float * row = llama_get_logits_ith(context, i);
            logits.insert(logits.end(), row, row + words);
        }
        for (int i = 0; decoded && i < more; i++) {
            const float * row = llama_get_logits_ith(context, -1);
            said.push_back(std::max_element(row, row + words) - row);
            ids.push_back(said.back());
            decoded = decode(context, ids, ids.size() - 1);
        }
        if (what == "greedy") {
            print(said);
        } else {
            print(logits);
        }
        if (context) {
            llama_free(context);
        }
    }
    llama_model_free(model);
}
