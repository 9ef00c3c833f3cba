{
  common = ./common.sh;
  huggingface = ./huggingface.sh;
}
