model = dict(
    type='Recognizer3D',
    backbone=dict(type='ResNet3dSlowOnly', in_channels=17, base_channels=32, pretrained=None),
    cls_head=dict(type='I3DHead', in_channels=512, num_classes=60, dropout=0.5))

dataset_type = 'PoseDataset'
ann_file = 'data/nturgbd/ntu60_hrnet.pkl'
train_pipeline = [
    dict(type='UniformSampleFrames', clip_len=48),
    dict(type='PoseDecode'),
    dict(type='RandomResizedCrop', area_range=(0.56, 1.0)),  # hands and feet stay in
]
data = dict(
    videos_per_gpu=16,
    workers_per_gpu=2,
    train=dict(type='RepeatDataset', times=10, dataset=dict(type=dataset_type, ann_file=ann_file, pipeline=train_pipeline)))
# optimizer
optimizer = dict(type='SGD', lr=2.0, momentum=0.9, weight_decay=0.0003)  # this lr is used for 8 gpus
optimizer_config = dict(grad_clip=dict(max_norm=40, norm_type=2))
# learning policy
lr_config = dict(policy='step', step=[40, 60], warmup='linear', warmup_iters=5, warmup_by_epoch=True, warmup_ratio=0.01)
total_epochs = 80
checkpoint_config = dict(interval=1)
workflow = [('train', 1)]
evaluation = dict(interval=1, metrics=['top_k_accuracy', 'mean_class_accuracy'], topk=(1, 5))
log_config = dict(interval=20, hooks=[dict(type='TextLoggerHook')])
dist_params = dict(backend='nccl')
log_level = 'INFO'
work_dir = './work_dirs/posec3d/joint'
load_from = None
resume_from = './work_dirs/posec3d/joint/latest.pth'
