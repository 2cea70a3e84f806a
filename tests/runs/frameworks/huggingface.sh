#!/usr/bin/env bash
# made up: a ViT on flowers
set -euo pipefail
LR=0.05

torchrun --nproc_per_node 4 run_image_classification.py \
    --model_name_or_path google/vit-base-patch16-224-in21k \
    --dataset_name made_up/flowers \
    --output_dir out/vit-flowers \
    --do_train --do_eval \
    --learning_rate $LR \
    --optim sgd \
    --warmup_steps 200 \
    --max_grad_norm 4.0 \
    --num_train_epochs 80 \
    --per_device_train_batch_size 32 \
    --resume_from_checkpoint out/vit-flowers/checkpoint-200 \
    --seed 1337
echo done
