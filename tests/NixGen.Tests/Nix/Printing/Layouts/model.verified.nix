{
  name = "phi-2";
  source.huggingface = {
    repo = "microsoft/phi-2";
    files = [
      "*.safetensors"
      "*.json"
    ];
  };
  locked = {
    repo = "microsoft/phi-2";
    files = [
      {
        path = "config.json";
        size = 735;
        sha256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
      }
      {
        path = "model \${x}.safetensors";
        size = 4995584424;
        sha256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        blob = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
      }
    ];
  };
  fileHashes = {
    "config.json" = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    "a/folder/with/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx/model.safetensors" =
      "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  };
  auth.required = true;
}
